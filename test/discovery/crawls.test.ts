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
  reports: { token: string }[];
  _links: { next_page?: { href: string } };
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
  const pageUrl = (page: number) =>
    `/batch/${acme.username}/reports?page=${page}&per_page=${PER_PAGE}`;
  return { acme, pageUrl, bearer: await makeBearer(database, acme) };
}

/** An organization whose reports are made, edited, moved and deleted, and which of them were listed all the time. */
async function makeBusy(servers: Servers, count: number) {
  const place = await makeAcme(servers);
  const { database } = servers;
  const { acme } = place;
  let made = 0;
  const shared = new Map<string, number>();
  const personal = new Map<string, number>();
  /** Tokens listed (in the shared view) ever since this was last set. */
  let throughout = new Set<string>();
  const write = (work: (writer: RowWriter) => Promise<void>) =>
    database.transaction((queries) => changeRows(queries, acme.id, work));
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
    throughout.delete(token);
    shared.delete(token);
    if (what === 'hide') {
      await change(slot, { personal: true });
      personal.set(token, slot);
    } else {
      await write((writer) => writer.remove(lists.reports, [slot], 0));
    }
  };
  await insert(count);
  return {
    ...servers,
    ...place,
    step,
    watch: () => {
      throughout = new Set(shared.keys());
    },
    listedThroughout: () => [...throughout],
  };
}

describe('every report that is listed throughout a crawl comes exactly once, whatever happens meanwhile,', () => {
  const step = fc.tuple(
    fc.constantFrom('insert', 'edit', 'delete', 'delete', 'hide', 'share'),
    fc.nat(1000),
  );
  const history = fc.record({
    count: fc.integer({ min: 0, max: 40 }),
    /** What happens between each two pages. */
    between: fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 12 }),
  });

  const crawlers = {
    'to a crawler that counts pages until one is short': async (
      place: Awaited<ReturnType<typeof makeBusy>>,
      pause: () => Promise<void>,
    ) => {
      const tokens: string[] = [];
      for (let page = 1; ; page++) {
        const { reports } = await place.ask(place.pageUrl(page), place.bearer);
        for (const { token } of reports) tokens.push(token);
        if (reports.length < PER_PAGE) return tokens;
        await pause();
      }
    },
    'to a crawler that follows next_page': async (
      place: Awaited<ReturnType<typeof makeBusy>>,
      pause: () => Promise<void>,
    ) => {
      const tokens: string[] = [];
      for (let href: string | undefined = place.pageUrl(1); href; await pause()) {
        const { reports, _links: links }: Page = await place.ask(href, place.bearer);
        for (const { token } of reports) tokens.push(token);
        href = links.next_page?.href;
      }
      return tokens;
    },
  };

  test.for(Object.entries(crawlers))('%s', { timeout: 600_000 }, async ([, crawl]) => {
    const servers = await openServers();
    await fc.assert(
      fc.asyncProperty(history, async ({ count, between }) => {
        const place = await makeBusy(servers, count);
        let pauses = 0;
        place.watch();
        const tokens = await crawl(place, async () => {
          // Crawls end: after the last of these nothing happens any more.
          for (const [what, which] of between[pauses] ?? []) await place.step(what, which);
          pauses++;
        });
        expect(new Set(tokens).size, 'doubled').toBe(tokens.length);
        const got = new Set(tokens);
        expect(
          place.listedThroughout().filter((token) => !got.has(token)),
          'missed',
        ).toEqual([]);
      }),
      { numRuns: rounds({ usual: 40, full: 200 }) },
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
      place.database.transaction((queries) =>
        changeRows(queries, place.acme.id, (writer) =>
          writer.remove(
            lists.reports,
            numbers.map((number) => slots[number - 1] as number),
            0,
          ),
        ),
      );
    return { ...place, remove };
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
    expect(third.pagination).toMatchObject({ page: 3, total_count: 15, total_pages: 3, count: 5 });
    expect(third._links.next_page?.href).toBe(pageUrl(4));
    const fourth = await ask(pageUrl(4), bearer);
    expect(names(fourth)).toEqual([17, 18, 19, 20]);
    expect(fourth._links.next_page).toBeUndefined();
  });

  test('begins anew with page 1', async () => {
    const { ask, bearer, remove, pageUrl } = await openTwenty();
    await ask(pageUrl(1), bearer);
    await remove(1, 2, 3);
    expect(names(await ask(pageUrl(1), bearer))).toEqual([4, 5, 6, 7, 8]);
    expect(names(await ask(pageUrl(2), bearer))).toEqual([9, 10, 11, 12, 13]);
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
});
