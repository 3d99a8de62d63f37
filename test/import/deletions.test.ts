import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ImportPlace,
  type Inventory,
  idsOf,
  inSpace,
  openImportPlace,
  query,
  report,
  reports,
  space,
  stats,
  writeNdjson,
} from '../support/import-place.ts';
import { reportRow } from '../support/rows.ts';
import { makeBasic, temporaryFolder } from '../support/workplace.ts';

const EVERYTHING = { mostDeleted: Number.POSITIVE_INFINITY };

async function openImported(inventory: Inventory): Promise<ImportPlace> {
  const place = await openImportPlace();
  await place.import(inventory);
  return place;
}

const without = (rows: ReturnType<typeof reports>, count: number) => rows.slice(count);
const inventoryOf = (count: number): Inventory => ({ spaces: [space(1)], reports: reports(count) });

describe('a source that is wrong for a moment takes nothing:', () => {
  const full = { ...inventoryOf(50), queries: [query(1, 1)] };
  test.for<[string, Inventory]>([
    ['it says that it has no reports', { reports: [] }],
    ['it says that it has nothing at all', { spaces: [], reports: [], queries: [] }],
    ['it has half of its reports', { spaces: [space(1)], reports: reports(25) }],
  ])('%s', async ([, inventory]) => {
    const place = await openImported(full);
    const summary = await place.import(inventory);
    const going = 50 - (inventory.reports?.length ?? 0);
    expect(summary.reports).toMatchObject({ deleted: 0, refused: going });
    expect(summary.report_stats).toMatchObject({ deleted: 0, refused: going });
    expect(await place.list('reports')).toHaveLength(50);
    expect(await place.list('report_stats')).toHaveLength(50);
    expect(await place.list('queries')).toHaveLength(1);
  });

  test('but what is new and changed comes in all the same', async () => {
    const place = await openImported(inventoryOf(50));
    const changed = report(50, { name: 'Renamed' });
    const summary = await place.import({ spaces: [space(1)], reports: [changed, report(51)] });
    expect(summary.reports).toMatchObject({ added: 1, changed: 1, deleted: 0, refused: 49 });
    expect(await place.list('reports')).toHaveLength(51);
  });
});

describe('without a word on the command line', () => {
  test.for([
    { rows: 400, missing: 20, isAllowed: true },
    { rows: 22, missing: 20, isAllowed: true },
    { rows: 420, missing: 21, isAllowed: true },
    { rows: 419, missing: 21, isAllowed: false },
    { rows: 1, missing: 1, isAllowed: false },
    { rows: 20, missing: 20, isAllowed: false },
  ])('$missing rows of $rows: allowed is $isAllowed', async ({ rows, missing, isAllowed }) => {
    const place = await openImported(inventoryOf(rows));
    const summary = await place.import({ reports: without(reports(rows), missing) });
    expect(summary.reports).toMatchObject(
      isAllowed ? { deleted: missing, refused: 0 } : { deleted: 0, refused: missing },
    );
  });

  test('what goes along with reports counts in its own list', async () => {
    const queries = Array.from({ length: 25 }, (_, index) => query(index + 1, 1));
    const place = await openImported({ ...inventoryOf(30), queries: [...queries, query(99, 2)] });
    const left = { reports: without(reports(30), 1), queries: [query(99, 2)] };
    const refused = await place.import(left);
    expect(refused.reports).toMatchObject({ deleted: 0, refused: 1 });
    expect(refused.queries).toMatchObject({ deleted: 0, refused: 25 });
    const told = await place.import(left, { mostDeleted: 25 });
    expect(told.queries).toMatchObject({ deleted: 25, refused: 0 });
    expect(told.report_stats).toMatchObject({ deleted: 1 });
    expect(idsOf(await place.list('queries'))).toEqual([99]);
  });
});

test('a word on the command line that allows some rows does not allow more', async () => {
  const place = await openImported(inventoryOf(100));
  const left = { reports: without(reports(100), 30) };
  expect((await place.import(left, { mostDeleted: 29 })).reports).toMatchObject({ deleted: 0 });
  expect((await place.import(left, { mostDeleted: 30 })).reports).toMatchObject({ deleted: 30 });
  const few = { reports: without(reports(100), 35) };
  expect((await place.import(few, { mostDeleted: 4 })).reports).toMatchObject({ deleted: 0 });
  expect((await place.import({ reports: [] }, EVERYTHING)).reports).toMatchObject({ deleted: 70 });
  expect(await place.list('report_stats')).toEqual([]);
});

describe('NDJSON', () => {
  const importLines = async (place: ImportPlace, inventory: Inventory, how = {}) =>
    place.importFolder(writeNdjson(temporaryFolder(), inventory, { ends: false }), how);

  test('without an end line adds and changes, and deletes only where that is said', async () => {
    const place = await openImported(inventoryOf(30));
    const rows = [report(2, { name: 'Renamed' }), ...without(reports(31), 2)];
    const summary = await importLines(place, { reports: rows });
    expect(summary.reports).toMatchObject({ added: 1, changed: 1, deleted: 0, kept: 1 });
    expect(summary.reports?.because).toContain('reports.ndjson has no end line');
    const told = await importLines(place, { reports: rows }, EVERYTHING);
    expect(told.reports).toMatchObject({ deleted: 1, kept: 0 });
  });

  test('ends with its end line however that is spaced', async () => {
    const place = await openImported(inventoryOf(30));
    const left = { reports: without(reports(30), 1) };
    const folder = writeNdjson(temporaryFolder(), left, { ends: false });
    const file = join(folder, 'reports.ndjson');
    const end = '{ "end": { "list": "reports", "rows": 29, "include_spaces": "all" } }';
    writeFileSync(file, `${readFileSync(file, 'utf8')}${end}\n`);
    const summary = await place.importFolder(folder);
    expect(summary.reports).toMatchObject({ deleted: 1, isWhole: true });
  });

  test('of 0 bytes, as a crawl that failed leaves it, deletes nothing', async () => {
    const place = await openImported(inventoryOf(30));
    const summary = await importLines(place, { reports: [] });
    expect(summary.reports).toMatchObject({ deleted: 0, kept: 30, isWhole: false });
  });

  test.for<[string, (lines: string) => string, string]>([
    [
      'a row less than its end line says',
      (lines) => lines.slice(lines.indexOf('\n') + 1),
      'reports.ndjson, row 3 ends the list reports after rows: 3; the file has reports, rows: 2. Crawl reports again.',
    ],
    [
      'the end line of another list',
      (lines) => lines.replace('"list":"reports"', '"list":"queries"'),
      'row 4 ends the list queries after rows: 3; the file has reports, rows: 3',
    ],
    [
      'two crawls in one file',
      (lines) => lines + lines,
      'row 5 comes after the end line of the list',
    ],
  ])('with %s is refused', async ([, damage, message]) => {
    const place = await openImported(inventoryOf(3));
    const folder = writeNdjson(temporaryFolder(), { reports: reports(3) });
    const file = join(folder, 'reports.ndjson');
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    await expect(place.importFolder(folder, EVERYTHING)).rejects.toThrow(message);
    expect(await place.list('reports')).toHaveLength(3);
  });

  test('in which a row comes twice instead of another deletes nothing, whatever is said', async () => {
    const place = await openImported(inventoryOf(3));
    const rows = [report(1), report(1), report(2)];
    const summary = await place.import({ reports: rows }, EVERYTHING);
    expect(summary.reports).toMatchObject({ deleted: 0, kept: 1, isWhole: false });
    expect(summary.reports?.because).toBe(
      'reports has 2 different rows of the 3 that it claims to have',
    );
  });

  test('cut off in the middle of a row is refused', async () => {
    const place = await openImported(inventoryOf(3));
    const folder = writeNdjson(temporaryFolder(), {});
    writeFileSync(join(folder, 'reports.ndjson'), JSON.stringify(report(1)).slice(0, 20));
    await expect(place.importFolder(folder)).rejects.toThrow('reports.ndjson, row 1 is not valid');
  });
});

describe('what another list of the same copy still names stays', () => {
  test.for<[string, Inventory]>([
    ['a report, by its stats', { reports: without(reports(30), 1), report_stats: [stats(1)] }],
    ['a report, by a query', { reports: without(reports(30), 1), queries: [query(1, 1)] }],
  ])('%s', async ([, copy]) => {
    const place = await openImported({ ...inventoryOf(30), queries: [query(1, 1)] });
    const summary = await place.import(copy, EVERYTHING);
    expect(summary.reports).toMatchObject({ deleted: 0, kept: 1 });
    expect(await place.list('reports')).toHaveLength(30);
  });

  test('a query, by a chart', async () => {
    const chart = { id: 1, token: 'chart-1', query_token: 'query-1', ...stats(1) };
    const inventory = { ...inventoryOf(2), queries: [query(1, 1), query(2, 1)], charts: [chart] };
    const place = await openImported(inventory);
    const summary = await place.import({ ...inventory, queries: [query(2, 1)] });
    expect(summary.queries).toMatchObject({ deleted: 0, kept: 1 });
  });
});

describe('a copy that sees less of personal spaces than the one before', () => {
  const inventory = {
    spaces: [space(1), space(2, 'private'), space(3, 'private')],
    reports: [
      ...reports(30),
      report(41, inSpace(2)),
      report(42, inSpace(2)),
      report(43, inSpace(3)),
    ],
    queries: [query(1, 41), query(2, 5)],
  };

  test('leaves what it does not see, and deletes what it does', async () => {
    const place = await openImported(inventory);
    const sees = [...without(reports(30), 1), report(41, inSpace(2))];
    const summary = await place.import({ ...inventory, reports: sees });
    // Of space 2 it shows one report, so the other one is gone; of space 3 it shows nothing.
    expect(summary.reports).toMatchObject({ deleted: 2, kept: 1 });
    expect(idsOf(await place.list('reports'))).toContain(43);
    const shared = { ...inventory, reports: without(reports(30), 2), queries: [query(2, 5)] };
    expect((await place.import(shared)).reports).toMatchObject({ deleted: 1, kept: 2 });
    expect(idsOf(await place.list('reports'))).toEqual(expect.arrayContaining([41, 43]));
    expect(idsOf(await place.list('queries'))).toEqual([1, 2]);
  });

  test('leaves the personal spaces that it does not see, empty ones too', async () => {
    const empty = space(4, 'private');
    const place = await openImported({ ...inventory, spaces: [...inventory.spaces, empty] });
    const left = { spaces: [space(1), space(3, 'private')], reports: reports(30) };
    expect((await place.import(left)).spaces).toMatchObject({ deleted: 0, kept: 2 });
    expect(idsOf(await place.list('spaces'))).toEqual([1, 2, 3, 4]);
  });

  test('deletes it where that is said', async () => {
    const place = await openImported(inventory);
    const shared = { spaces: [space(1)], reports: reports(30) };
    expect((await place.import(shared, EVERYTHING)).reports).toMatchObject({ deleted: 3 });
    expect(idsOf(await place.list('spaces'))).toEqual([1]);
  });
});

describe('a report that its source no longer has, and for which something was made here', () => {
  const inventory = {
    ...inventoryOf(30),
    queries: [query(11, 1), query(12, 2)],
    report_stats: [stats(1, 7)],
  };
  const left = { spaces: [space(1)], reports: without(reports(30), 2), queries: [] };
  const path = `/api/here/reports/${reportRow(1).token}`;

  /** Makes something of report 1 through the REST API. */
  const works: [string, (place: ImportPlace, authorization: string) => Promise<unknown>][] = [
    [
      'a schedule',
      (place, authorization) =>
        place.send({
          method: 'POST',
          url: `${path}/schedules`,
          headers: { authorization },
          payload: { report_schedule: { cron: { freq: 'daily', hour: 7, time_zone: 'UTC' } } },
        }),
    ],
    [
      'a view',
      (place, authorization) =>
        place.send({ method: 'POST', url: `${path}/views`, headers: { authorization } }),
    ],
    [
      'a draft',
      (place, authorization) =>
        place.send({
          method: 'PUT',
          url: `${path}/draft`,
          headers: { authorization },
          payload: { draft: { base_version: 0, content: { name: 'Half wri' } } },
        }),
    ],
  ];

  test.for(works)('is archived with the reason and comes back: %s', async ([, work]) => {
    const place = await openImported(inventory);
    const authorization = await makeBasic(place.database, place.organization);
    await work(place, authorization);
    const get = async (url: string) => (await place.get(url, authorization)).json();
    const before = {
      schedules: await get(`${path}/schedules`),
      views: await get(`${path}/views`),
      draft: await get(`${path}/draft`),
    };

    const gone = await place.import(left, EVERYTHING);
    expect(gone.reports).toMatchObject({ deleted: 1, archived: 1 });
    expect(gone.queries).toMatchObject({ deleted: 1, archived: 1 });
    expect(idsOf(await place.list('reports'))).toEqual(idsOf(left.reports));
    expect(await place.list('queries')).toEqual([]);
    expect(await get(path)).toMatchObject({ archived: true, archived_reason: 'missing_at_source' });
    const [archived] = (await get('/api/here/audit_log?action=report.archived')).entries;
    expect(archived).toMatchObject({
      subject: { kind: 'report', token: reportRow(1).token, name: 'Report 1' },
      detail: { reason: 'missing_at_source', source: 'there' },
    });

    const again = await place.import(inventory);
    expect(again.reports).toMatchObject({ restored: 1, added: 1 });
    // In its old place, and what is new at the end.
    expect(idsOf(await place.list('reports')).slice(0, 2)).toEqual([1, 3]);
    expect(idsOf(await place.list('queries'))).toEqual([11, 12]);
    expect(idsOf(await place.list('report_stats'))[0]).toBe(1);
    expect(await get(path)).toMatchObject({ archived: false, name: 'Report 1' });
    expect(await get(`${path}/schedules`)).toEqual(before.schedules);
    expect(await get(`${path}/views`)).toEqual(before.views);
    expect(await get(`${path}/draft`)).toEqual(before.draft);
    const { entries } = await get('/api/here/audit_log?action=report.unarchived');
    expect(entries).toHaveLength(1);
  });

  test('stays archived as long as the source does not have it, with what is new of it left out', async () => {
    const place = await openImported(inventory);
    const authorization = await makeBasic(place.database, place.organization);
    await works[1]?.[1](place, authorization);
    await place.import(left, EVERYTHING);
    const summary = await place.import({ ...left, queries: [query(11, 1), query(13, 1)] });
    expect(summary.reports).toMatchObject({ unchanged: 28, deleted: 0, kept: 0 });
    expect(summary.queries).toMatchObject({ unchanged: 1, skipped: 1 });
    expect(await place.list('queries')).toEqual([]);
    // What it lost meanwhile was in no list: nobody is asked.
    const again = await place.import({ ...inventory, queries: [] });
    expect(again.reports).toMatchObject({ restored: 1 });
    expect(again.queries).toMatchObject({ deleted: 1 });
  });
});

test('the personal space that a member here was given stays with the member', async () => {
  const spaces = [space(1), space(2, 'private')];
  const place = await openImported({ spaces, reports: reports(2) });
  const headers = { authorization: await makeBasic(place.database, place.organization) };
  const { memberships } = (await place.get('/api/here/memberships', headers.authorization)).json()
    ._embedded;
  const payload = { space: { owner: memberships[0].token } };
  const url = '/api/here/spaces/space-2';
  expect((await place.send({ method: 'PATCH', url, headers, payload })).statusCode).toBe(200);
  expect((await place.import({ spaces: [space(1)] }, EVERYTHING)).spaces).toMatchObject({
    deleted: 0,
    kept: 1,
  });
  expect(idsOf(await place.list('spaces'))).toEqual([1, 2]);
});

test('every import is in the audit log with what it did', async () => {
  const place = await openImported(inventoryOf(30));
  await place.import({ reports: [report(1, { name: 'Renamed' }), ...without(reports(30), 2)] });
  await expect(place.import({ reports: [{ id: 1 }] })).rejects.toThrow('token is missing');
  const authorization = await makeBasic(place.database, place.organization);
  const { entries } = (
    await place.get('/api/here/audit_log?action=inventory.imported', authorization)
  ).json();
  expect(entries).toMatchObject([
    {
      member: null,
      subject: { kind: 'source', name: 'there' },
      detail: {
        reports: { added: 0, changed: 1, unchanged: 28, deleted: 1 },
        report_stats: { deleted: 1 },
      },
    },
    { detail: { reports: { added: 30 }, report_stats: { made: 30 }, spaces: { added: 1 } } },
  ]);
});
