import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { type GivenRow, toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows, type StoredRow } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { findOrganizationNow } from '../../src/organizations/organization-store.ts';
import { everyReport, type ReportQuestion } from '../../src/report-index/report-question.ts';
import { ReportSearch } from '../../src/report-index/report-search.ts';
import { nameKey } from '../../src/report-index/search-file-store.ts';
import { sqlFingerprint } from '../../src/sql-templates/sql-fingerprint.ts';
import { longestTurnOf, MOST_READINGS } from '../support/event-loop.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const everything: ReportQuestion = {
  ...everyReport,
  reach: 'all',
  orderBy: 'created_at',
  descending: false,
  offset: 0,
  limit: 1000,
  withFacets: false,
};

async function openAcme() {
  const workplace = await openWorkplace();
  const { database } = workplace;
  const acme = await makeOrganization(database);
  const folder = temporaryFolder();
  const search = new ReportSearch(database, folder);
  onTestFinished(() => search.close());
  const find = (more: Partial<ReportQuestion> = {}, by = search, organization = acme) =>
    findIn(by, database, organization, more);
  return { ...workplace, acme, folder, search, find };
}

async function findIn(
  search: ReportSearch,
  database: Database,
  organization: Organization,
  more: Partial<ReportQuestion>,
) {
  return search.find(await nowOf(database, organization), { ...everything, ...more });
}

async function nowOf(database: Database, { id }: Organization) {
  const now = await findOrganizationNow(database, id);
  if (now === undefined) throw new Error('There is no such organization.');
  return { id, ...now };
}

type Found = Awaited<ReturnType<typeof findIn>>;
const rowsOf = ({ reports }: Found) => reports.map(({ body }) => JSON.parse(body));
const idsOf = (found: Found) => rowsOf(found).map(({ id }) => id);

/** A report with a query and what belongs to it. */
async function putReport(
  database: Database,
  acme: Organization,
  id: number,
  more: GivenRow = {},
  sql?: string,
): Promise<number> {
  const [slot = 0] = await putRows(database, acme, lists.reports, [reportRow(id, more)]);
  if (sql !== undefined) {
    const query = {
      id,
      token: `q${id}`,
      raw_query: sql,
      report_id: id,
      report_token: `r${id}`,
    };
    await putRows(database, acme, lists.queries, [query], { parent: slot });
  }
  return slot;
}

async function change(
  database: Database,
  { id }: Organization,
  work: (writer: RowWriter) => Promise<unknown>,
): Promise<void> {
  await database.transaction((store) => changeRows(store, id, work));
}

describe('words', () => {
  test('are looked for in name, description, SQL and owner', async () => {
    const { database, acme, find } = await openAcme();
    await putReport(database, acme, 1, { name: 'Weekly revenue' }, 'select 1');
    await putReport(database, acme, 2, { description: 'The revenue of all weeks' });
    await putReport(database, acme, 3, { creator_email: 'revenue@acme.example' });
    await putReport(database, acme, 4, {}, 'select sum(revenue) from orders');
    await putReport(database, acme, 5, { name: 'Other' }, 'select 2');
    const found = await find({ typed: 'revenue', orderBy: 'relevance' });
    expect(found.total).toBe(4);
    expect(idsOf(found)).toEqual([1, 3, 2, 4]);
    expect(idsOf(await find({ typed: 'reve' }))).toEqual([1, 2, 3, 4]);
    expect(idsOf(await find({ typed: 'sum orders' }))).toEqual([4]);
    expect(idsOf(await find({ typed: 'week rev' }))).toEqual([]);
    expect(idsOf(await find({ typed: 'weekly rev' }))).toEqual([1]);
    expect(idsOf(await find({ typed: 'revenue@acme.exa' }))).toEqual([3]);
    expect(idsOf(await find({ typed: 'RÉVENUE' }))).toEqual([1, 2, 3, 4]);
  });

  test('are those of now: after each edit, archived and back, and gone', async () => {
    const { database, acme, find } = await openAcme();
    const slot = await putReport(database, acme, 1, { name: 'Churn' }, 'select one');
    expect(idsOf(await find({ typed: 'one' }))).toEqual([1]);
    const rows = async (name: ListName) =>
      findRows(database, acme.id, lists[name], name === 'reports' ? 'slot' : 'parent', [slot]);
    const [query] = (await rows('queries')) as [StoredRow];
    const edited = { ...JSON.parse(String(query.body)), raw_query: 'select two' };
    await change(database, acme, (writer) =>
      writer.update(lists.queries, [{ ...query, body: toBytes(edited) }]),
    );
    expect(idsOf(await find({ typed: 'one' }))).toEqual([]);
    expect(idsOf(await find({ typed: 'two' }))).toEqual([1]);
    const [report] = (await rows('reports')) as [StoredRow];
    await change(database, acme, (writer) =>
      writer.update(lists.reports, [{ ...report, archived: true }]),
    );
    expect(idsOf(await find({ typed: 'two', archived: false }))).toEqual([]);
    expect((await find({ typed: 'two', archived: true })).reports[0]?.isArchived).toBe(true);
    await change(database, acme, (writer) => writer.remove(lists.queries, [query.slot], 0));
    expect(idsOf(await find({ typed: 'two' }))).toEqual([]);
    expect(idsOf(await find({ typed: 'churn' }))).toEqual([1]);
    await change(database, acme, (writer) => writer.remove(lists.reports, [slot], 0));
    expect(await find({ typed: 'churn' })).toMatchObject({ total: 0, reports: [] });
  });

  test('may be anything at all', async () => {
    const { database, acme, find } = await openAcme();
    await putReport(database, acme, 1, { name: 'Ärger "mit" NEAR* (AND) OR: -x' });
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^["'*():^+\-{}\0 aANDORTnear\\%;]{0,30}$/),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (typed) => {
        await find({ typed, orderBy: 'relevance', withFacets: true });
      }),
      { numRuns: rounds({ usual: 60, full: 300 }) },
    );
    for (const typed of ['"mit" near', 'OR: -x', 'ärger (and)', 'near*', '""']) {
      expect(idsOf(await find({ typed })), typed).toEqual([1]);
    }
  });
});

describe('a file', () => {
  test('is gone on with by the next process, and by one beside it made for itself', async () => {
    const { database, acme, folder, search, find } = await openAcme();
    await putReport(database, acme, 1, { name: 'Before' });
    expect(idsOf(await find({ typed: 'before' }))).toEqual([1]);
    const beside = new ReportSearch(database, folder);
    onTestFinished(() => beside.close());
    expect(idsOf(await find({ typed: 'before' }, beside))).toEqual([1]);
    expect(readdirSync(folder).toSorted()).toEqual(['1', '2']);
    await search.close();
    await putReport(database, acme, 2, { name: 'Before long' });
    const next = new ReportSearch(database, folder);
    onTestFinished(() => next.close());
    expect(idsOf(await find({ typed: 'before' }, next))).toEqual([1, 2]);
    expect(readdirSync(folder).toSorted()).toEqual(['1', '2']);
  });

  test('that is broken is made again', async () => {
    const { database, acme, folder, search, find } = await openAcme();
    await putReport(database, acme, 1, { name: 'Whole' });
    await find();
    await search.close();
    const [name] = readdirSync(join(folder, '1')).filter((file) => file.startsWith(`${acme.id}-`));
    for (const end of ['-wal', '-shm']) writeFileSync(join(folder, '1', `${name}${end}`), '');
    for (const bytes of [Buffer.from('no database'), Buffer.alloc(50_000, 7), Buffer.alloc(0)]) {
      writeFileSync(join(folder, '1', `${name}`), bytes);
      const next = new ReportSearch(database, folder);
      expect(idsOf(await find({ typed: 'whole' }, next))).toEqual([1]);
      await next.close();
    }
  });

  test('of another life of the organization is not used', async () => {
    const { database, acme, folder, search, find } = await openAcme();
    const slot = await putReport(database, acme, 1, { name: 'Old' });
    await find();
    await database.run('update organizations set epoch = ? where id = ?', ['other', acme.id]);
    await database.run('update discovery_rows set body = ?, checksum = null where slot = ?', [
      toBytes(toRow(lists.reports, reportRow(1, { name: 'New' }))),
      slot,
    ]);
    expect(idsOf(await find({ typed: 'old' }))).toEqual([]);
    expect(idsOf(await find({ typed: 'new' }))).toEqual([1]);
    const files = readdirSync(join(folder, '1')).filter((file) => !file.startsWith('lock'));
    expect(files.every((file) => file.startsWith(`${acme.id}-other`))).toBe(true);
    await search.close();
  });

  test('that missed what was removed is made again', async () => {
    const { database, acme, folder, search, find } = await openAcme();
    const slot = await putReport(database, acme, 1, { name: 'Gone' });
    await putReport(database, acme, 2, { name: 'Here' });
    await find();
    await search.close();
    await change(database, acme, (writer) => writer.remove(lists.reports, [slot], 0));
    await purgeRemoved(database, acme.id, '2027-01-01T00:00:00.000Z', () => false);
    const next = new ReportSearch(database, folder);
    onTestFinished(() => next.close());
    expect(idsOf(await find({}, next))).toEqual([2]);
  });
});

test('what was put into a file before the store failed, or the server stopped, is not read again', async () => {
  const { database, acme, folder, search: unused, find } = await openAcme();
  await unused.close();
  const rows = Array.from({ length: 12_000 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  let readsLeft = 30;
  const failing: Database = {
    ...database,
    all: async (sql, values) => {
      if (readsLeft-- === 0) throw new Error('The store is away.');
      return database.all(sql, values);
    },
  };
  const search = new ReportSearch(failing, folder);
  await expect(find({}, search)).rejects.toThrow('The store is away.');
  await search.close();
  readsLeft = 1000;
  const next = new ReportSearch(failing, folder);
  onTestFinished(() => next.close());
  expect((await find({ typed: 'report' }, next)).total).toBe(12_000);
  // From the beginning it would take 48 for the reports alone.
  expect(1000 - readsLeft).toBeLessThan(35);
});

test('nobody finds what is another organization’s', async () => {
  const { database, acme, search, find } = await openAcme();
  const rival = await makeOrganization(database, 'rival');
  await putReport(database, acme, 1, { name: 'Ours' });
  await putReport(database, rival, 2, { name: 'Theirs' });
  expect(idsOf(await find())).toEqual([1]);
  expect(idsOf(await find({}, search, rival))).toEqual([2]);
  expect(idsOf(await find({ typed: 'theirs' }))).toEqual([]);
});

test('while a large file is made, others have their turn', async () => {
  const { database, acme, find } = await openAcme();
  const rows = Array.from({ length: 5000 }, (_, index) =>
    reportRow(index + 1, { description: 'So many words that it takes a while. '.repeat(20) }),
  );
  await putRows(database, acme, lists.reports, rows);
  // It is made once: there is no second reading that could be better.
  const readings = await longestTurnOf(async () => {
    expect((await find({ typed: 'words' })).total).toBe(5000);
  }, 1);
  expect(readings).toBeLessThan(MOST_READINGS);
});

test('nobody need wait for ten thousand changes: how many of them are read is told meanwhile', async () => {
  const { database, acme, search, find } = await openAcme();
  await putReport(database, acme, 1);
  expect(await search.progressOf(await nowOf(database, acme))).toBeUndefined();
  const rows = Array.from({ length: 10_001 }, (_, index) => reportRow(index + 2));
  await putRows(database, acme, lists.reports, rows);
  const now = await nowOf(database, acme);
  const told: number[] = [];
  for (let progress = await search.progressOf(now); progress !== undefined; ) {
    told.push(progress);
    await sleep(1);
    progress = await search.progressOf(now);
  }
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBeLessThanOrEqual(1);
  expect((await find()).total).toBe(10_002);
});

test('whoever waits for a file when the search is closed is refused, and no thread is left', async () => {
  const { database, acme, search, find } = await openAcme();
  const rows = Array.from({ length: 2000 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  const waiting = find();
  waiting.catch(() => undefined);
  await sleep(1);
  await search.close();
  await expect(waiting).rejects.toThrow(/search thread/);
  await expect(find()).rejects.toThrow('The search thread is closed.');
});

describe('equals a look through everything', () => {
  /** What can be in a report, few enough of each that questions meet them. */
  const word = fc.constantFrom('alpha', 'alps', 'beta', 'Größe', 'x1');
  const textOf = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
  const day = fc.constantFrom(null, '2026-01-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z');
  const email = fc.constantFrom(null, 'ana@acme.example', 'ben@acme.example');
  const report = fc.record({
    name: fc.option(textOf),
    description: fc.option(textOf),
    creator_email: email,
    last_run_at: day,
    last_run_state: fc.constantFrom(null, 'succeeded', 'failed'),
    last_successfully_run_at: day,
    last_viewed_at: day,
  });
  const number = fc.nat(7);
  const write = fc.oneof(
    fc.record({ kind: fc.constant('report' as const), number, row: report, place: fc.nat(2) }),
    fc.record({
      kind: fc.constant('query' as const),
      number,
      which: fc.nat(1),
      sql: textOf,
      source: fc.constantFrom(null, 'files', 'warehouse'),
      ofReport: number,
    }),
    fc.record({
      kind: fc.constant('chart' as const),
      number,
      type: fc.constantFrom('bar', 'line'),
    }),
    fc.record({ kind: fc.constant('stats' as const), number, views: fc.nat(2) }),
    fc.record({ kind: fc.constant('archive' as const), number, yes: fc.boolean() }),
    fc.record({ kind: fc.constant('remove' as const), number }),
    fc.record({ kind: fc.constant('member' as const), number: fc.nat(1), yes: fc.boolean() }),
  );
  const question = fc.record(
    {
      typed: fc
        .array(fc.oneof(word, fc.constantFrom('al', 'b', 'grosse', 'example')), {
          maxLength: 2,
        })
        .map((words) => words.join(' ')),
      spaces: fc.subarray(['s0', 's1', 's2', 'nowhere'], { minLength: 1 }),
      creators: fc.subarray(['ana@acme.example', 'nobody@acme.example'], { minLength: 1 }),
      states: fc.subarray(['failed', 'succeeded'], { minLength: 1 }),
      chartTypes: fc.subarray(['bar', 'line'], { minLength: 1 }),
      dataSources: fc.subarray(['files', 'warehouse', 'none'], { minLength: 1 }),
      archived: fc.boolean(),
      staleSinceMs: fc.constant(Date.parse('2026-03-01T00:00:00Z')),
      neverRun: fc.boolean(),
      neverViewed: fc.boolean(),
      withoutOwner: fc.boolean(),
      reach: fc.constantFrom('all' as const, { place: undefined }, { place: 2 }),
      orderBy: fc.constantFrom('name' as const, 'created_at' as const, 'view_count' as const),
      descending: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  /** The rows of a list as they are, with where they lie. */
  async function everyRow(database: Database, { id }: Organization, name: ListName) {
    const rows = await database.all<{
      slot: number;
      parent: number | null;
      personal: number;
      body: Buffer | null;
      archived_body: Buffer | null;
    }>(
      'select slot, parent, personal, body, archived_body from discovery_rows where organization_id = ? and list = ?',
      [id, lists[name].number],
    );
    return rows.flatMap(({ slot, parent, personal, body, archived_body: archived }) => {
      const bytes = body ?? archived;
      if (bytes === null) return [];
      const row = JSON.parse(String(bytes)) as GivenRow;
      return [{ slot, parent, personal: personal === 1, isArchived: archived !== null, row }];
    });
  }

  const wordsOf = (text: unknown) =>
    typeof text === 'string' ? (nameKey(text) ?? '').split(/[^\p{L}\p{N}]+/u) : [];

  async function byLooking(
    database: Database,
    acme: Organization,
    asked: Partial<ReportQuestion>,
  ): Promise<unknown[]> {
    const [reports, queries, charts, stats, spaces, members] = await Promise.all(
      (['reports', 'queries', 'charts', 'report_stats', 'spaces', 'members'] as const).map((name) =>
        everyRow(database, acme, name),
      ),
    );
    if (!reports || !queries || !charts || !stats || !spaces || !members) throw new Error('none');
    const viewsOf = (slot: number) =>
      (stats.find(({ parent }) => parent === slot)?.row.view_count as number | undefined) ?? 0;
    const holds = ({ slot, row }: (typeof reports)[number]) => {
      const all = [
        row.name,
        row.description,
        row.creator_email,
        ...queries.filter(({ parent }) => parent === slot).map((query) => query.row.raw_query),
      ].flatMap(wordsOf);
      const typed = (asked.typed ?? '')
        .split(' ')
        .filter((each) => each !== '')
        .map((each) => nameKey(each) ?? '');
      return typed.every((each, index) =>
        index === typed.length - 1
          ? all.some((candidate) => candidate.startsWith(each))
          : all.includes(each),
      );
    };
    const spaceToken = (slot: number | null) =>
      spaces.find((space) => space.slot === slot)?.row.token as string;
    const found = reports.filter((each) => {
      const { row, slot, parent } = each;
      const reach = asked.reach ?? 'all';
      return (
        holds(each) &&
        (reach === 'all' || !each.personal || parent === reach.ownSpace) &&
        (asked.archived === undefined || each.isArchived === asked.archived) &&
        (!asked.spaces || asked.spaces.includes(spaceToken(parent))) &&
        (!asked.creators || asked.creators.includes(row.creator_email as string)) &&
        (!asked.states || asked.states.includes(row.last_run_state as string)) &&
        (!asked.chartTypes ||
          charts.some(
            (chart) =>
              chart.parent === slot && asked.chartTypes?.includes(chart.row.chart_type as string),
          )) &&
        (!asked.dataSources ||
          queries.some(
            (query) =>
              query.parent === slot &&
              asked.dataSources?.includes(query.row.data_source_token as string),
          )) &&
        (asked.staleSinceMs === undefined ||
          row.last_successfully_run_at === null ||
          Date.parse(row.last_successfully_run_at as string) < asked.staleSinceMs) &&
        (!asked.neverRun || row.last_run_at === null) &&
        (!asked.neverViewed || (row.last_viewed_at === null && viewsOf(slot) === 0)) &&
        (!asked.withoutOwner ||
          !members.some((member) => member.row.member_email === row.creator_email))
      );
    });
    const keyOf = ({ row, slot }: (typeof reports)[number]) => {
      if (asked.orderBy === 'name') return nameKey(row.name);
      return asked.orderBy === 'view_count' ? viewsOf(slot) : (row.created_at as string);
    };
    const sign = asked.descending ? -1 : 1;
    return found
      .toSorted((a, b) => {
        const [left, right] = [keyOf(a), keyOf(b)];
        if (left === right) return a.slot - b.slot;
        if (left === null || right === null) return left === null ? 1 : -1;
        return left < right ? -sign : sign;
      })
      .map(({ row }) => row.token);
  }

  /** Those lists of the roll call that depend on more than the report itself. */
  async function listsByLooking(
    database: Database,
    acme: Organization,
    reach: ReportQuestion['reach'],
  ) {
    const reports = (await everyRow(database, acme, 'reports')).filter(
      ({ personal, parent, isArchived }) =>
        !isArchived && (reach === 'all' || !personal || parent === reach.ownSpace),
    );
    const members = await everyRow(database, acme, 'members');
    const queries = await everyRow(database, acme, 'queries');
    const sqlOf = (slot: number) =>
      new Set(
        queries
          .filter(({ parent }) => parent === slot)
          .flatMap(({ row }) => sqlFingerprint(row.raw_query as string) ?? []),
      );
    const tokens = (of: typeof reports) => of.map(({ row }) => row.token).toSorted();
    return {
      reports: reports.length,
      ownerLeft: tokens(
        reports.filter(
          ({ row }) =>
            row.creator_email !== null &&
            !members.some((member) => member.row.member_email === row.creator_email),
        ),
      ),
      duplicates: tokens(
        reports.filter(({ slot }) =>
          reports.some(
            (other) =>
              other.slot !== slot && [...sqlOf(slot)].some((one) => sqlOf(other.slot).has(one)),
          ),
        ),
      ),
    };
  }

  async function listsByCalling(
    search: ReportSearch,
    database: Database,
    acme: Organization,
    reach: ReportQuestion['reach'],
  ) {
    const now = await nowOf(database, acme);
    const roll = { reach, recentSinceMs: 0, lastDue: [] };
    const tokens = async (list: 'owner_left' | 'duplicates') => {
      const asked = { ...roll, list, offset: 0, limit: 100 };
      const { reports, total } = await search.ask(now, 'listCalled', asked);
      expect(reports).toHaveLength(total);
      return reports.map(({ token }) => token).toSorted();
    };
    const { counts } = await search.ask(now, 'callRoll', roll);
    expect(await search.ask(now, 'countRoll', roll)).toEqual(counts);
    const [ownerLeft, duplicates] = [await tokens('owner_left'), await tokens('duplicates')];
    expect(counts).toMatchObject({
      owner_left: ownerLeft.length,
      duplicates: duplicates.length,
    });
    return { reports: counts.reports, ownerLeft, duplicates };
  }

  test('whatever is written between questions', async () => {
    const { database, search, find, config } = await openAcme();
    const other = await openStore(config);
    onTestFinished(() => other.close());
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(write, { minLength: 1, maxLength: 6 }), question), {
          minLength: 1,
          maxLength: 6,
        }),
        async (history) => {
          const acme = await makeOrganization(database, `acme${++turn}`);
          const spaceSlots: number[] = [];
          for (const place of [0, 1, 2]) {
            const space = { id: place + 1, token: `s${place}`, space_type: 'custom' };
            spaceSlots.push(...(await putRows(database, acme, lists.spaces, [space])));
          }
          for (const [writes, { reach, ...asked }] of history) {
            for (const each of writes)
              await perform(turn % 2 ? other : database, acme, spaceSlots, each);
            const given: Partial<ReportQuestion> = {
              ...asked,
              ...(reach === undefined || reach === 'all'
                ? {}
                : {
                    reach: {
                      ownSpace: reach.place === undefined ? undefined : spaceSlots[reach.place],
                    },
                  }),
            };
            const found = await find(given, undefined, acme);
            const expected = await byLooking(database, acme, given);
            expect(rowsOf(found).map(({ token }) => token)).toEqual(expected);
            expect(found.total).toBe(expected.length);
            const page = await find({ ...given, offset: 1, limit: 2 }, undefined, acme);
            expect(rowsOf(page).map(({ token }) => token)).toEqual(expected.slice(1, 3));
            expect(page.total).toBe(expected.length);
            const { facets } = await find({ ...given, withFacets: true }, undefined, acme);
            const sum = (facets?.states ?? []).reduce((all, { count }) => all + count, 0);
            expect(sum).toBe(expected.length);
            const called = await listsByCalling(search, database, acme, given.reach ?? 'all');
            expect(called).toEqual(await listsByLooking(database, acme, given.reach ?? 'all'));
          }
        },
      ),
      { numRuns: rounds({ usual: 15, full: 60 }) },
    );
  });

  async function perform(
    database: Database,
    acme: Organization,
    spaceSlots: number[],
    each: typeof write extends fc.Arbitrary<infer Write> ? Write : never,
  ): Promise<void> {
    const by = async (name: ListName, id: number) =>
      (await findRows(database, acme.id, lists[name], 'id', [id])).at(0);
    const put = async (
      name: ListName,
      given: GivenRow,
      place: { parent: number | null; personal?: boolean },
    ) => {
      const list = lists[name];
      const row = toRow(list, given);
      const id = row[list.idField] as number;
      const token = row[list.tokenField] as string;
      const before = await by(name, id);
      const stored = {
        id,
        token,
        parent: place.parent,
        personal: place.personal ?? false,
        sourceId: null,
        body: toBytes(row),
      };
      await change(database, acme, async (writer) => {
        if (before) await writer.update(list, [{ ...before, ...stored }]);
        else await writer.insert(list, [stored]);
      });
    };
    if (each.kind === 'member') {
      const id = each.number + 1;
      const before = await by('members', id);
      const email = ['ana@acme.example', 'ben@acme.example'][each.number];
      if (each.yes)
        await put('members', { id, token: `m${id}`, member_email: email }, { parent: null });
      else if (before)
        await change(database, acme, (w) => w.remove(lists.members, [before.slot], 0));
      return;
    }
    const id = each.number + 1;
    const report = await by('reports', id);
    if (each.kind === 'report') {
      const place = { parent: spaceSlots[each.place] ?? null, personal: each.place === 2 };
      return put('reports', reportRow(id, each.row), place);
    }
    if (report === undefined) return;
    const ofReport = { report_id: id, report_token: report.token };
    switch (each.kind) {
      case 'query': {
        const target = (await by('reports', each.ofReport + 1)) ?? report;
        const query = {
          id: id * 10 + each.which,
          token: `q${id}${each.which}`,
          raw_query: each.sql,
          data_source_token: each.source,
        };
        return put('queries', { ...query, ...ofReport }, { parent: target.slot });
      }
      case 'chart':
        return put(
          'charts',
          { id, token: `c${id}`, chart_type: each.type, ...ofReport },
          { parent: report.slot },
        );
      case 'stats':
        return put(
          'report_stats',
          { ...ofReport, view_count: each.views },
          { parent: report.slot },
        );
      case 'archive':
        return change(database, acme, (writer) =>
          writer.update(lists.reports, [{ ...report, archived: each.yes }]),
        );
      case 'remove':
        return change(database, acme, (writer) => writer.remove(lists.reports, [report.slot], 0));
    }
  }
});
