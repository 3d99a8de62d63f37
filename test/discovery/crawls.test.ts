import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import { renewEpochs } from '../../src/organizations/organization-store.ts';
import { createServer } from '../../src/server.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const PER_PAGE = 5;

type Page = {
  pagination: Record<string, number>;
  reports: { id: number; token: string }[];
  _links: { next_page?: { href: string }; prev_page: { href: string } };
};

/** Two servers on one store. */
async function openServers() {
  const workplace = await openWorkplace();
  const { database, config, time } = workplace;
  const outside = {
    clock: () => time.nowMs,
    identifiers: { token: () => '', secret: () => '', longSecret: () => '' },
  };
  const second = await createServer(config, database, outside);
  let asked = 0;
  /** Each request goes to another of two servers on one store. */
  const ask = async (url: string, authorization: string): Promise<Page> => {
    const server: FastifyInstance = asked++ % 2 === 0 ? workplace.server : second;
    const response = await server.inject({ url, headers: { authorization } });
    expect(response.statusCode).toBe(200);
    return response.json();
  };
  onTestFinished(async () => void (await second.close()));
  return { ...workplace, ask };
}

type Servers = Awaited<ReturnType<typeof openServers>>;

let organizations = 0;

async function makeAcme({ database }: Servers) {
  const acme = await makeOrganization(database, `acme${++organizations}`);
  const pageUrl = (page: number, perPage = PER_PAGE) =>
    `/batch/${acme.username}/reports?page=${page}&per_page=${perPage}`;
  return { acme, pageUrl, bearer: await makeBearer(database, acme) };
}

/** An organization whose reports are made, edited, moved and deleted; `watch` says which are listed from then on all the time. */
async function makeBusy(servers: Servers, count: number) {
  const place = await makeAcme(servers);
  const { database } = servers;
  const { acme } = place;
  let made = 0;
  const shared = new Map<string, number>();
  const personal = new Map<string, number>();
  const watched = new Set<Set<string>>();
  const write = (work: (writer: RowWriter) => Promise<void>) =>
    database.transaction((store) => changeRows(store, acme.id, work));
  const insert = async (howMany: number): Promise<void> => {
    const rows = Array.from({ length: howMany }, () => reportRow(++made));
    const slots = await putRows(database, acme, lists.reports, rows);
    for (const [index, row] of rows.entries())
      shared.set(String(row.token), slots[index] as number);
  };
  const pick = (from: Map<string, number>, which: number) =>
    [...from][which % Math.max(1, from.size)];
  const change = async (slot: number, to: { personal?: boolean; name?: string }): Promise<void> => {
    const [row] = await findRows(database, acme.id, lists.reports, 'slot', [slot]);
    if (row === undefined) return;
    const { name = 'Edited', personal: isPersonal = row.personal } = to;
    const body = toBytes(toRow(lists.reports, { ...JSON.parse(String(row.body)), name }));
    await write((writer) => writer.update(lists.reports, [{ ...row, personal: isPersonal, body }]));
  };
  const step = async (what: string, which: number): Promise<void> => {
    const [token, slot] = pick(what === 'share' ? personal : shared, which) ?? [];
    if (what === 'insert') return insert(1 + (which % 3));
    if (token === undefined || slot === undefined) return;
    if (what === 'edit') return change(slot, { name: `Edited ${which}` });
    if (what === 'share') {
      await change(slot, { personal: false });
      personal.delete(token);
      shared.set(token, slot);
      return;
    }
    for (const tokens of watched) tokens.delete(token);
    shared.delete(token);
    if (what === 'hide') {
      await change(slot, { personal: true });
      personal.set(token, slot);
    } else {
      await write((writer) => writer.remove(lists.reports, [slot], 0));
    }
  };
  if (count > 0) await insert(count);
  return {
    ...servers,
    ...place,
    step,
    /** How many reports were ever made. */
    made: () => made,
    watch: () => {
      const tokens = new Set(shared.keys());
      watched.add(tokens);
      return tokens;
    },
  };
}

type Place = Awaited<ReturnType<typeof makeBusy>>;

/** How a crawler finds the next page, and when it stops. */
type Kind =
  | 'counts until a page is short'
  | 'counts until a page is empty'
  | 'follows links'
  | 'carries the crawl';

/** A program that crawls, page by page, and what is to be said of its last crawl. */
class Crawler {
  readonly kind: Kind;
  readonly perPage: number;
  readonly #place: Place;
  #page = 0;
  #next: string | undefined;
  #last = '';
  #pages: string[][] = [];
  #throughout = new Set<string>();
  /** How many reports there were ever when page 1 was asked for. */
  #madeBefore = 0;
  /** Whether the last page was sent. */
  isAtEnd = false;
  isDone = true;
  /** Whether the server may take the crawl for over. */
  isGivenUp = false;
  /** Whether no other one was under way or had been, as far as the server can tell. */
  wasAlone = true;
  crawls = 0;

  constructor(place: Place, kind: Kind, perPage: number) {
    this.#place = place;
    this.kind = kind;
    this.perPage = perPage;
  }

  get carries(): boolean {
    return this.kind === 'carries the crawl';
  }

  async begin(): Promise<void> {
    this.#pages = [];
    this.#page = 0;
    this.isDone = false;
    this.isAtEnd = false;
    this.isGivenUp = false;
    this.wasAlone = this.crawls++ === 0;
    this.#throughout = this.#place.watch();
    this.#madeBefore = this.#place.made();
    const crawl = this.carries ? '&crawl=new' : '';
    this.#next = `${this.#place.pageUrl(1, this.perPage)}${crawl}`;
    await this.ask();
  }

  /** Asks for the next page, or ends. */
  async ask(): Promise<void> {
    if (this.#next === undefined) {
      this.isDone = true;
      return;
    }
    this.#page++;
    await this.#get(this.#next);
  }

  /** Asks for its last page again, as if the answer had been lost. */
  async askAgain(): Promise<void> {
    this.#pages.pop();
    if (this.#page === 1) {
      // It may be another one that begins.
      this.wasAlone = false;
      this.#madeBefore = this.#place.made();
      this.#throughout = this.#place.watch();
    }
    await this.#get(this.#last);
  }

  async #get(url: string): Promise<void> {
    const { reports, pagination, _links } = await this.#place.ask(url, this.#place.bearer);
    this.#last = url;
    this.#pages.push(reports.map(({ token }) => token));
    const href = _links.next_page?.href;
    this.isAtEnd = href === undefined;
    if (href !== undefined)
      expect(reports, 'a page that is not the last').toHaveLength(this.perPage);
    expect(pagination).toMatchObject({ page: this.#page, count: reports.length });
    expect(pagination.total_pages).toBe(
      Math.ceil((pagination.total_count as number) / this.perPage),
    );
    if (reports.length > 0)
      expect((this.#page as number) < (pagination.total_pages as number)).toBe(href !== undefined);
    if (!this.carries) expect(href ?? '').not.toContain('crawl');
    const counted = this.#place.pageUrl(this.#page + 1, this.perPage);
    if (this.kind === 'counts until a page is short')
      this.#next = reports.length < this.perPage ? undefined : counted;
    else if (this.kind === 'counts until a page is empty')
      this.#next = reports.length === 0 ? undefined : counted;
    else this.#next = href;
  }

  /** What is wrong with a crawl that is done. */
  judge(): void {
    const got = this.#pages.flat();
    const unique = new Set(got);
    expect(
      [...this.#throughout].filter((token) => !unique.has(token)),
      'missed',
    ).toEqual([]);
    if (!this.carries && !this.wasAlone) return;
    expect(got.length - unique.size, 'doubled').toBe(0);
    const late = got.filter((token) => Number.parseInt(token, 16) > this.#madeBefore);
    expect(late, 'made since page 1').toEqual([]);
  }
}

const kinds: Kind[] = [
  'counts until a page is short',
  'counts until a page is empty',
  'follows links',
  'carries the crawl',
];

type Step = { what: string; which: number } | { crawler: number; isRetry: boolean };
type History = { count: number; crawlers: { kind: Kind; perPage: number }[]; steps: Step[] };

describe('every report that is listed throughout a crawl comes, whatever happens meanwhile and however many crawl on one token,', () => {
  const write = fc.record({
    what: fc.constantFrom('insert', 'edit', 'delete', 'delete', 'hide', 'share'),
    which: fc.nat(1000),
  });
  const act = fc.record({
    crawler: fc.nat(3),
    isRetry: fc.nat(3).map((one) => one === 0),
  });
  const history = (most: number): fc.Arbitrary<History> =>
    fc.record({
      count: fc.integer({ min: 0, max: 40 }),
      crawlers: fc.array(
        fc.record({ kind: fc.constantFrom(...kinds), perPage: fc.constantFrom(4, 4, 4, 7) }),
        { minLength: 1, maxLength: most },
      ),
      steps: fc.array(fc.oneof(write, act, act), { minLength: 5, maxLength: 60 }),
    });

  /** Those who share the memory of the server with a crawler. */
  const rivalsOf = (one: Crawler, all: readonly Crawler[]) =>
    all.filter((other) => other !== one && !other.carries && other.perPage === one.perPage);

  async function play(servers: Servers, { count, crawlers: given, steps }: History, most: number) {
    const place = await makeBusy(servers, count);
    const crawlers = given.map(({ kind, perPage }) => new Crawler(place, kind, perPage));
    /** A crawl whose last page was sent while no other was under way is over once another one begins. */
    const isOver = (crawler: Crawler) =>
      crawler.isAtEnd &&
      rivalsOf(crawler, crawlers).every(({ isDone, isAtEnd }) => isDone || isAtEnd);
    const go = async (crawler: Crawler, isRetry: boolean) => {
      if (crawler.isDone) {
        if (crawler.crawls === most) return;
        const rivals = rivalsOf(crawler, crawlers);
        // The one that begins is none of those that were under way.
        const over = new Set(rivals.filter((other) => !other.isDone && isOver(other)));
        await crawler.begin();
        if (crawler.carries) return;
        for (const other of rivals) {
          if (over.has(other)) other.isGivenUp = true;
          crawler.wasAlone = false;
          other.wasAlone = false;
        }
        return;
      }
      if (crawler.isGivenUp && !crawler.carries) {
        crawler.isDone = true;
        crawler.judge();
        return;
      }
      if (isRetry) return crawler.askAgain();
      await crawler.ask();
      if (crawler.isDone) crawler.judge();
    };
    for (const step of steps) {
      if ('what' in step) await place.step(step.what, step.which);
      else await go(crawlers[step.crawler % crawlers.length] as Crawler, step.isRetry);
    }
    for (const crawler of crawlers) while (!crawler.isDone) await go(crawler, false);
  }

  test.for([
    ['once where it is alone', 1, 1],
    ['with up to four at a time, and once to those that carry their crawl', 4, 3],
  ] as const)('%s', { timeout: 1_200_000 }, async ([, crawlers, most]) => {
    const servers = await openServers();
    await fc.assert(
      fc.asyncProperty(history(crawlers), (given) => play(servers, given, most)),
      { numRuns: rounds({ usual: 25, full: 1000 }) },
    );
  });
});

describe('a crawl', () => {
  const names = ({ reports }: Page) => reports.map(({ token }) => Number.parseInt(token, 16));

  async function openTwenty() {
    const servers = await openServers();
    const place = { ...servers, ...(await makeAcme(servers)) };
    const rows = Array.from({ length: 20 }, (_, index) => reportRow(index + 1));
    const slots = await putRows(place.database, place.acme, lists.reports, rows);
    const remove = (...numbers: number[]) =>
      place.database.transaction((store) =>
        changeRows(store, place.acme.id, (writer) =>
          writer.remove(
            lists.reports,
            numbers.map((number) => slots[number - 1] as number),
            0,
          ),
        ),
      );
    const put = (...numbers: number[]) =>
      putRows(
        place.database,
        place.acme,
        lists.reports,
        numbers.map((number) => reportRow(number)),
      );
    return { ...place, remove, put };
  }

  test('goes on where its last page ended, and gives that page again when it is asked for again', async () => {
    const { ask, bearer, remove, pageUrl } = await openTwenty();
    expect(names(await ask(pageUrl(1), bearer))).toEqual([1, 2, 3, 4, 5]);
    await remove(1, 2, 3);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([6, 7, 8, 9, 10]);
    await remove(4, 7);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([6, 8, 9, 10, 11]);
    const third = await ask(pageUrl(3), bearer);
    expect(names(third)).toEqual([12, 13, 14, 15, 16]);
    // Two full pages before it, and nine rows from it on.
    expect(third.pagination).toMatchObject({ page: 3, total_count: 19, total_pages: 4, count: 5 });
    expect(third._links.next_page?.href).toBe(pageUrl(4));
    const fourth = await ask(pageUrl(4), bearer);
    expect(names(fourth)).toEqual([17, 18, 19, 20]);
    expect(fourth.pagination).toMatchObject({ total_count: 19, total_pages: 4, count: 4 });
    expect(fourth._links.next_page).toBeUndefined();
    const fifth = await ask(pageUrl(5), bearer);
    expect(fifth.pagination).toMatchObject({ total_count: 15, total_pages: 3, count: 0 });
    expect(fifth._links).toEqual({ prev_page: { href: pageUrl(3) } });
  });

  test('ends where the list ended at its page 1: what is made meanwhile is in the next one', async () => {
    const { ask, bearer, remove, put, pageUrl } = await openTwenty();
    await ask(pageUrl(1), bearer);
    await put(21, 22, 23);
    await remove(2);
    for (const page of [2, 3]) expect((await ask(pageUrl(page), bearer)).reports).toHaveLength(5);
    const fourth = await ask(pageUrl(4), bearer);
    expect(names(fourth)).toEqual([16, 17, 18, 19, 20]);
    expect(fourth.pagination).toMatchObject({ total_count: 20, total_pages: 4 });
    expect(fourth._links.next_page).toBeUndefined();
    expect(names(await ask(pageUrl(5), bearer))).toEqual([]);
    const first = await ask(pageUrl(1), bearer);
    expect(first.pagination).toMatchObject({ total_count: 22, total_pages: 5 });
    const all = [first];
    for (const page of [2, 3, 4, 5]) all.push(await ask(pageUrl(page), bearer));
    expect(all.flatMap(names)).toEqual([1, ...Array.from({ length: 21 }, (_, index) => index + 3)]);
  });

  test('after crawl gives everything once, whatever is deleted, as long as only one is under way', async () => {
    const { ask, bearer, remove, pageUrl } = await openTwenty();
    const left = Array.from({ length: 20 }, (_, index) => index + 1);
    const drop = async (number: number) => {
      left.splice(left.indexOf(number), 1);
      await remove(number);
    };
    for (const gone of [
      [1, 2, 16],
      [3, 17],
      [4, 5],
    ]) {
      const expected = [...left];
      const got: number[] = [];
      for (let page = 1; ; page++) {
        const { reports } = await ask(pageUrl(page), bearer);
        got.push(...reports.map(({ token }) => Number.parseInt(token, 16)));
        if (reports.length < PER_PAGE) break;
        // What was given already.
        const number = gone.shift();
        if (number !== undefined && got.includes(number)) await drop(number);
      }
      expect(got).toEqual(expected);
    }
  });

  test('that nine tasks of one job read at once on one token misses nothing for any of them', async () => {
    const { ask, bearer, remove, put, pageUrl } = await openTwenty();
    const tasks = Array.from(
      { length: 9 },
      (): { got: number[]; page: number; isDone: boolean } => ({
        got: [],
        page: 0,
        isDone: false,
      }),
    );
    const gone = [1, 6, 2, 7, 3, 11, 8, 4];
    for (let round = 0; round < 20; round++) {
      // They fall apart: some are faster than others.
      for (const task of tasks.filter(
        (one, index) => !one.isDone && round % (1 + (index % 3)) === 0,
      )) {
        const rows = names(await ask(pageUrl(++task.page), bearer));
        task.got.push(...rows);
        task.isDone = rows.length < PER_PAGE;
        const number = gone.pop();
        if (number !== undefined) await remove(number);
      }
      await put(100 + round);
    }
    const kept = [5, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20];
    for (const { got, isDone } of tasks) {
      expect(isDone).toBe(true);
      expect(got).toEqual(expect.arrayContaining(kept));
    }
  });

  test('that another one on the same token overtakes misses nothing, nor does the other one', async () => {
    const { ask, bearer, remove, pageUrl } = await openTwenty();
    expect(names(await ask(pageUrl(1), bearer))).toEqual([1, 2, 3, 4, 5]);
    await remove(1, 2, 3);
    expect(names(await ask(pageUrl(1), bearer))).toEqual([4, 5, 6, 7, 8]);
    const others = [];
    for (const page of [2, 3, 4]) others.push(...names(await ask(pageUrl(page), bearer)));
    expect(others).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    await remove(6, 9);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([7, 8, 10, 11, 12]);
    expect(names(await ask(pageUrl(3), bearer))).toEqual([13, 14, 15, 16, 17]);
  });

  test('alone is exact again ten minutes after several, and one that was broken off counts for an hour', async () => {
    const { ask, bearer, remove, time, pageUrl } = await openTwenty();
    const second = async () => names(await ask(pageUrl(2), bearer));
    await ask(pageUrl(1), bearer);
    await remove(1);
    await ask(pageUrl(1), bearer);
    expect(await second()).toEqual([6, 7, 8, 9, 10]);
    expect(await second()).toEqual([6, 7, 8, 9, 10]);
    time.nowMs += 10 * 60 * 1000;
    await remove(2);
    await ask(pageUrl(1), bearer);
    // Somebody may still be at page 2.
    expect(await second()).toEqual([6, 7, 8, 9, 10]);
    time.nowMs += 60 * 60 * 1000;
    await ask(pageUrl(1), bearer);
    expect(await second()).toEqual([8, 9, 10, 11, 12]);
  });

  test('belongs to one token; a page outside a crawl depends on none', async () => {
    const { ask, bearer, remove, database, acme, pageUrl } = await openTwenty();
    const other = await makeBearer(database, acme);
    await ask(pageUrl(1), bearer);
    await remove(1, 2, 3);
    expect(names(await ask(pageUrl(2), other))).toEqual([9, 10, 11, 12, 13]);
    expect(names(await ask(pageUrl(3), bearer))).toEqual([14, 15, 16, 17, 18]);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([6, 7, 8, 9, 10]);
  });

  test('is forgotten after an hour', async () => {
    const { ask, bearer, remove, time, pageUrl } = await openTwenty();
    await ask(pageUrl(1), bearer);
    await remove(1, 2, 3);
    time.nowMs += 60 * 60 * 1000;
    expect(names(await ask(pageUrl(2), bearer))).toEqual([9, 10, 11, 12, 13]);
  });

  test('is not taken for an earlier one that one of the servers remembers, and the others have forgotten', async () => {
    const { ask, bearer, remove, time, database, acme, pageUrl } = await openTwenty();
    const other = await makeBearer(database, acme);
    await ask(pageUrl(1), bearer);
    time.nowMs += 61 * 60 * 1000;
    for (const authorization of [other, other, bearer]) await ask(pageUrl(1), authorization);
    await remove(1, 2, 3);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([6, 7, 8, 9, 10]);
  });

  test('begins anew after a restore, for which the slots of before mean nothing', async () => {
    const { ask, bearer, remove, database, pageUrl } = await openTwenty();
    await ask(pageUrl(1), bearer);
    await remove(1, 2, 3);
    await renewEpochs(database, randomIdentifiers);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([9, 10, 11, 12, 13]);
  });

  test('without deletions gives the pages, and the ETags, that everybody else gets', async () => {
    const { bearer, server, database, acme, pageUrl } = await openTwenty();
    const other = await makeBearer(database, acme);
    const get = (url: string, authorization: string) =>
      server.inject({ url, headers: { authorization } });
    await get(pageUrl(1), bearer);
    const inCrawl = await get(pageUrl(2), bearer);
    const outside = await get(pageUrl(2), other);
    expect(inCrawl.headers.etag).toBe(outside.headers.etag);
    expect(inCrawl.body).toBe(outside.body);
  });

  test('with additions has another ETag than the list as it is, and the same one again', async () => {
    const { bearer, server, database, acme, put, pageUrl } = await openTwenty();
    const other = await makeBearer(database, acme);
    const get = (url: string, authorization: string, etag?: string) =>
      server.inject({
        url,
        headers: { authorization, ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      });
    const before = await get(pageUrl(1), bearer);
    for (const page of [2, 3]) await get(pageUrl(page), bearer);
    await put(21);
    const inCrawl = await get(pageUrl(4), bearer);
    const outside = await get(pageUrl(4), other);
    expect(inCrawl.json().reports).toEqual(outside.json().reports);
    expect(inCrawl.json()._links.next_page).toBeUndefined();
    expect(outside.json()._links.next_page.href).toBe(pageUrl(5));
    expect(inCrawl.headers.etag).not.toBe(outside.headers.etag);
    expect((await get(pageUrl(4), bearer, String(inCrawl.headers.etag))).statusCode).toBe(304);
    expect((await get(pageUrl(4), bearer, String(outside.headers.etag))).statusCode).toBe(200);
    expect((await get(pageUrl(1), bearer, String(before.headers.etag))).statusCode).toBe(200);
  });

  describe('that is carried in the links', () => {
    const crawlOf = (href = '') => new URL(href, 'http://x').searchParams.get('crawl') ?? '';

    test('gives everything once, however many are under way on one token, and needs no memory', async () => {
      const { ask, bearer, remove, put, time, pageUrl } = await openTwenty();
      const first = await ask(`${pageUrl(1)}&crawl=new`, bearer);
      const { next_page: next, prev_page: self } = first._links;
      expect(next?.href).toBe(`${pageUrl(2)}&crawl=${crawlOf(next?.href)}`);
      expect(names(await ask(self.href, bearer))).toEqual([1, 2, 3, 4, 5]);
      await remove(1, 2, 3, 7);
      await put(21);
      time.nowMs += 100 * 24 * 60 * 60 * 1000;
      await ask(pageUrl(1), bearer);
      await ask(`${pageUrl(1)}&crawl=new`, bearer);
      const second = await ask(next?.href as string, bearer);
      expect(names(second)).toEqual([6, 8, 9, 10, 11]);
      expect(second.pagination).toMatchObject({ page: 2, total_count: 19, total_pages: 4 });
      expect(names(await ask(second._links.prev_page.href, bearer))).toEqual([4, 5, 6, 8, 9]);
      await remove(6);
      const third = await ask(second._links.next_page?.href as string, bearer);
      const fourth = await ask(third._links.next_page?.href as string, bearer);
      expect(names(fourth)).toEqual([17, 18, 19, 20]);
      expect(fourth._links.next_page).toBeUndefined();
      expect(fourth.pagination).toMatchObject({ page: 4, total_count: 19, total_pages: 4 });
    });

    test('keeps include_spaces, and is not asked for by links that do not carry one', async () => {
      const { ask, bearer, pageUrl } = await openTwenty();
      const url = `${pageUrl(1)}&include_spaces=all`;
      const { _links: links } = await ask(`${url}&crawl=new`, bearer);
      expect(links.next_page?.href).toMatch(/\?page=2&per_page=5&include_spaces=all&crawl=[\w-]+$/);
      expect((await ask(url, bearer))._links.next_page?.href).toMatch(
        /\?page=2&per_page=5&include_spaces=all$/,
      );
    });

    test.for([
      ['page=2&crawl=new', 400, 'crawl is "new" for page 2; a crawl begins at page 1.'],
      ['crawl=', 400, 'crawl is ""; it must be "new", or the value from a link of a page.'],
      ['crawl=NEW', 400, 'crawl is "NEW"; it must be "new", or the value from a link of a page.'],
      ['crawl=ab-1', 400, 'crawl is "ab-1"; it must be'],
      ['crawl=ab-1-99999999999999999', 400, 'crawl is "ab-1-99999999999999999"; it must be'],
      ['crawl=new&crawl=new', 400, 'crawl is given 2 times: "new", "new".'],
      [
        'page=2&crawl=ab-1-5',
        410,
        'The crawl "ab-1-5" does not match the current state of the organization;',
      ],
    ] as const)('is refused where it is none: %s', async ([query, status, message]) => {
      const { server, bearer, acme } = await openTwenty();
      const url = `/batch/${acme.username}/reports?${query}`;
      const answer = await server.inject({ url, headers: { authorization: bearer } });
      expect(answer.statusCode).toBe(status);
      expect(answer.json().message).toContain(message);
      if (!query.includes('&crawl=new&') && query !== 'crawl=new&crawl=new')
        expect(answer.json().hint).toContain('page=1&crawl=new');
    });

    test('is of no use after a restore', async () => {
      const { server, ask, bearer, database, pageUrl } = await openTwenty();
      const { _links: links } = await ask(`${pageUrl(1)}&crawl=new`, bearer);
      await renewEpochs(database, randomIdentifiers);
      const url = links.next_page?.href as string;
      const answer = await server.inject({ url, headers: { authorization: bearer } });
      expect(answer.json()).toMatchObject({ id: 'gone' });
    });
  });
});
