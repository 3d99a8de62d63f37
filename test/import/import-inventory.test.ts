import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFolder } from '../../src/import/read-folder.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { countRows, getPosition } from '../../src/inventory/row-store.ts';
import {
  type Inventory,
  idsOf,
  inSpace,
  ofReport,
  openImportPlace as openEmpty,
  query,
  report,
  space,
  stats,
  writeNdjson,
} from '../support/import-place.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, temporaryFolder } from '../support/workplace.ts';

const tokens = (rows: GivenRow[]) => rows.map((row) => row.token ?? row.report_token);

describe('importing again', () => {
  test('updates what was edited, in its old place', async () => {
    const place = await openEmpty();
    const before = [report(1), report(2), report(3)];
    await place.import({ spaces: [space(1)], reports: before });
    const edited = report(2, { name: 'Renamed', edited_at: '2026-05-05T05:05:05.005Z' });
    const summary = await place.import({
      spaces: [space(1)],
      reports: [edited, report(3), report(1)],
    });
    expect(summary.reports).toMatchObject({ added: 0, changed: 1, unchanged: 2, deleted: 0 });
    const rows = await place.list('reports');
    expect(idsOf(rows)).toEqual([1, 2, 3]);
    expect(rows[1]).toMatchObject({ name: 'Renamed', edited_at: '2026-05-05T05:05:05.005Z' });
  });

  test('leaves a report alone that was edited here, and brings back nothing that was deleted of it', async () => {
    const place = await openEmpty();
    const inventory = {
      spaces: [space(1)],
      reports: [report(1), report(2)],
      queries: [query(11, 1), query(12, 1), query(13, 2)],
      report_stats: [stats(1)],
    };
    await place.import(inventory);
    const headers = { authorization: await makeBasic(place.database, place.organization) };
    const path = `/api/here/reports/${reportRow(1).token}`;
    await place.send({ method: 'DELETE', url: `${path}/queries/query-11`, headers });
    const archived = `/api/here/reports/${reportRow(2).token}/archive`;
    await place.send({ method: 'PATCH', url: archived, headers });

    const summary = await place.import({
      ...inventory,
      reports: [report(1, { name: 'Renamed there' }), report(2)],
      queries: [...inventory.queries, query(14, 1), query(15, 2)],
    });
    expect(summary.reports).toMatchObject({ changed: 0, skipped: 2, deleted: 0 });
    expect(summary.queries).toMatchObject({ added: 0, skipped: 5 });
    expect(idsOf(await place.list('reports'))).toEqual([1]);
    expect((await place.list('reports'))[0]).toMatchObject({ name: 'Report 1' });
    expect(idsOf(await place.list('queries'))).toEqual([12]);
  });

  test('deletes what the whole list no longer holds, with all that belongs to it', async () => {
    const place = await openEmpty();
    await place.import({
      spaces: [space(1), space(2)],
      reports: [report(1), report(2)],
      queries: [query(11, 1), query(12, 2)],
      report_stats: [stats(1), stats(2)],
    });
    const summary = await place.import({ spaces: [space(1)], reports: [report(1)] });
    expect(summary.reports).toMatchObject({ deleted: 1 });
    expect(summary.spaces).toMatchObject({ deleted: 1 });
    expect(idsOf(await place.list('reports'))).toEqual([1]);
    expect(idsOf(await place.list('queries'))).toEqual([11]);
    expect(idsOf(await place.list('report_stats'))).toEqual([1]);
    expect(idsOf(await place.list('spaces'))).toEqual([1]);
  });

  test('with keepMissing deletes nothing', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1)], reports: [report(1), report(2)] });
    const summary = await place.import({ reports: [report(1)] }, { keepMissing: true });
    expect(summary.reports).toMatchObject({ unchanged: 1, deleted: 0 });
    expect(idsOf(await place.list('reports'))).toEqual([1, 2]);
  });

  test('leaves a list alone that the folder does not hold', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1)], reports: [report(1)], queries: [query(11, 1)] });
    await place.import({ reports: [report(1)] });
    expect(idsOf(await place.list('queries'))).toEqual([11]);
    expect(idsOf(await place.list('spaces'))).toEqual([1]);
  });

  test('a deleted report that comes back gets a new place at the end', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1)], reports: [report(1), report(2)] });
    await place.import({ reports: [report(2)] });
    await place.import({ reports: [report(1), report(2)] });
    expect(idsOf(await place.list('reports'))).toEqual([2, 1]);
  });
});

describe('spaces', () => {
  test('a space that turns private takes its reports and all that belongs to them out of the shared lists', async () => {
    const place = await openEmpty();
    const rows = {
      reports: [report(1), report(2, inSpace(2))],
      queries: [query(11, 1), query(12, 2)],
    };
    await place.import({ spaces: [space(1), space(2)], ...rows });
    await place.import({ spaces: [space(1, 'private'), space(2)] });
    expect(idsOf(await place.list('reports', ''))).toEqual([2]);
    expect(idsOf(await place.list('queries', ''))).toEqual([12]);
    expect(idsOf(await place.list('reports'))).toEqual([1, 2]);
    await place.import({ spaces: [space(1), space(2)] });
    expect(idsOf(await place.list('reports', ''))).toEqual([1, 2]);
    expect(idsOf(await place.list('queries', ''))).toEqual([11, 12]);
  });

  test('a report moved to a personal space takes its queries along', async () => {
    const place = await openEmpty();
    await place.import({
      spaces: [space(1), space(2, 'private')],
      reports: [report(1)],
      queries: [query(11, 1)],
    });
    await place.import({ reports: [report(1, inSpace(2))] });
    expect(await place.list('queries', '')).toEqual([]);
    expect(idsOf(await place.list('queries'))).toEqual([11]);
  });

  test('a space that reports name and no list holds is made, shared, once', async () => {
    const place = await openEmpty();
    const summary = await place.import({ reports: [report(1), report(2)] });
    expect(summary.spaces).toMatchObject({ made: 1 });
    expect(await place.list('spaces')).toEqual([
      {
        id: 1,
        token: 'space-1',
        name: null,
        description: null,
        space_type: 'custom',
        space_url: '/api/here/spaces/space-1',
      },
    ]);
    expect(idsOf(await place.list('reports', ''))).toEqual([1, 2]);
    await place.import({ reports: [report(1), report(2)] });
    expect(await place.list('spaces')).toHaveLength(1);
  });

  test('a space that a list no longer holds stays while reports lie in it', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1), space(2)], reports: [report(1)] });
    await place.import({ spaces: [], reports: [report(1)] });
    expect(idsOf(await place.list('spaces'))).toEqual([1]);
  });
});

describe('rows', () => {
  test('of reports that are not there are skipped and counted', async () => {
    const place = await openEmpty();
    const summary = await place.import({
      spaces: [space(1)],
      reports: [report(1)],
      queries: [query(11, 1), query(12, 9)],
      report_stats: [stats(9)],
    });
    expect(summary.queries).toMatchObject({ added: 1, skipped: 1 });
    expect(summary.report_stats).toMatchObject({ added: 0, skipped: 1 });
  });

  test('are kept however odd, with paths that name the new organization', async () => {
    const place = await openEmpty();
    const odd = report(1, {
      created_at: '2999-01-01T00:00:00.000Z',
      updated_at: '1969-01-01T00:00:00.000Z',
      last_run_state: 'purple',
      creator_email: 'nobody',
      name: '"\u0001\\\n\u2028 𝄞 é vs é',
    });
    await place.import({ spaces: [space(1)], reports: [odd] });
    const [row] = await place.list('reports');
    expect(row).toEqual({ ...row, ...odd, report_url: '/api/here/reports/000000000001' });
  });

  test('that come twice count once, the later one', async () => {
    const place = await openEmpty();
    await place.import({
      spaces: [space(1)],
      reports: [report(1), report(2), report(1, { name: 'Later' })],
    });
    const rows = await place.list('reports');
    expect(idsOf(rows)).toEqual([1, 2]);
    expect(rows[0]?.name).toBe('Later');
  });

  test('with numbers as text and times in other ISO forms are written in the wire form', async () => {
    const place = await openEmpty();
    const row = report(1, { space_id: '1', created_at: '2026-01-02T03:04:05+01:00' });
    await place.import({
      spaces: [space(1)],
      reports: [row],
      members: [{ id: '7', token: 'm', activated_at: '2026-01-02T03:04:05.678Z' }],
    });
    expect((await place.list('reports'))[0]).toMatchObject({
      space_id: 1,
      created_at: '2026-01-02T02:04:05.000Z',
    });
    expect((await place.list('members'))[0]).toMatchObject({
      id: 7,
      activated_at: '2026-01-02T03:04:05Z',
    });
  });

  test('of stats have the number of views under both names, whichever the source gave', async () => {
    const place = await openEmpty();
    const [older, newer] = [{ total_views_count: 7 }, { view_count: 8 }];
    await place.import({
      spaces: [space(1)],
      reports: [report(1), report(2)],
      report_stats: [
        { ...ofReport(1), ...older },
        { ...ofReport(2), ...newer },
      ],
    });
    expect(await place.list('report_stats')).toMatchObject([
      { view_count: 7, total_views_count: 7 },
      { view_count: 8, total_views_count: 8 },
    ]);
  });

  test('made here are never touched', async () => {
    const place = await openEmpty();
    const [ours] = [reportRow(5, { name: 'Ours' })];
    await putRows(place.database, place.organization, lists.reports, [ours]);
    const summary = await place.import({
      spaces: [space(1)],
      reports: [report(5, { name: 'Theirs' }), report(6)],
    });
    expect(summary.reports).toMatchObject({ added: 1, skipped: 1 });
    expect((await place.list('reports'))[0]?.name).toBe('Ours');
    await place.import({ reports: [] }, { mostDeleted: 1 });
    expect(idsOf(await place.list('reports'))).toEqual([5]);
  });

  test('of another source are neither deleted nor taken over', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1)], reports: [report(1)] });
    await place.import(
      { spaces: [space(2)], reports: [report(2, inSpace(2))] },
      { sourceName: 'elsewhere' },
    );
    expect(idsOf(await place.list('reports'))).toEqual([1, 2]);
    await expect(
      place.import({ reports: [report(1)] }, { sourceName: 'elsewhere' }),
    ).rejects.toThrow(
      'reports.ndjson, row 1: id 1 with token "000000000001" conflicts with id 1, token "000000000001" which came from the source "there". To continue with that source, add: --source "there"',
    );
  });
});

describe('a broken source writes nothing and says where it is broken:', () => {
  const broken: [name: string, inventory: Inventory, message: string][] = [
    [
      'a wrong type',
      { reports: [report(1), report(2, { name: 5 })] },
      'reports.ndjson, row 2: field name is "5"; it must be text or null.',
    ],
    [
      'a missing token',
      { reports: [{ id: 1 }] },
      'reports.ndjson, row 1: field token is missing; it must be a value.',
    ],
    [
      'a time that is none',
      { reports: [report(1, { edited_at: 'soon' })] },
      'field edited_at is "soon"; it must be an ISO 8601 time',
    ],
    [
      'a number beyond what JSON holds',
      { spaces: [{ id: 2 ** 60, token: 'x' }] },
      'spaces.ndjson, row 1: field id is',
    ],
    [
      'a row that is no object',
      { reports: [[] as unknown as GivenRow] },
      'reports.ndjson, row 1: the row is "[]"; it must be an object.',
    ],
    [
      'one number for two tokens',
      { reports: [report(1), report(1, { token: 'other' })] },
      'reports.ndjson, row 2: id 1 with token "other" conflicts with id 1, token "000000000001" in reports.ndjson, row 1.',
    ],
  ];
  test.for(broken)('%s', async ([, inventory, message]) => {
    const place = await openEmpty();
    await expect(place.import({ spaces: [space(1)], ...inventory })).rejects.toThrow(message);
    expect((await countRows(place.database, place.organization.id)).spaces.all).toBe(0);
    expect(await getPosition(place.database, place.organization.id)).toBe(0);
  });

  test('a line that is no JSON', async () => {
    const place = await openEmpty();
    const folder = writeNdjson(temporaryFolder(), { spaces: [space(1)], reports: [report(1)] });
    writeFileSync(join(folder, 'reports.ndjson'), `${JSON.stringify(report(1))}\n{"id": 2,\n`);
    await expect(place.importFolder(folder)).rejects.toThrow(
      'reports.ndjson, row 2 is not valid JSON',
    );
    expect((await countRows(place.database, place.organization.id)).spaces.all).toBe(0);
  });
});

describe('saved pages', () => {
  const page = (
    name: ListName,
    rows: GivenRow[],
    number: number,
    pages: number,
    totalCount: number,
    spaces = '&include_spaces=all',
  ) => ({
    pagination: {
      page: number,
      per_page: 2,
      count: rows.length,
      total_pages: pages,
      total_count: totalCount,
    },
    [name]: rows,
    _links: {
      ...(number < pages
        ? { next_page: { href: `/batch/there/${name}?page=${number + 1}&per_page=2${spaces}` } }
        : {}),
      prev_page: {
        href: `/batch/there/${name}?page=${Math.max(1, number - 1)}&per_page=2${spaces}`,
      },
    },
  });
  const save = (folder: string, file: string, content: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(content));

  test('say which organization they come from', () => {
    const folder = temporaryFolder();
    save(folder, 'anything.json', page('reports', [report(1)], 1, 1, 1));
    expect(readFolder(folder).organization).toBe('there');
    save(folder, 'other.json', {
      ...page('spaces', [], 1, 1, 0),
      _links: { prev_page: { href: '/batch/beta/spaces?page=1' } },
    });
    expect(() => readFolder(folder)).toThrow('has pages of several organizations (there, beta)');
  });

  test('are read in the order of their numbers', async () => {
    const place = await openEmpty();
    const folder = temporaryFolder();
    for (let number = 1; number <= 11; number++) {
      save(
        folder,
        `reports-page-${number}.json`,
        page('reports', [report(2 * number - 1), report(2 * number)], number, 11, 22),
      );
    }
    await place.importFolder(folder);
    expect(idsOf(await place.list('reports'))).toEqual(
      Array.from({ length: 22 }, (_, index) => index + 1),
    );
  });

  test('with a page missing delete nothing', async () => {
    const place = await openEmpty();
    await place.import({ spaces: [space(1)], reports: [1, 2, 3, 4, 5].map((id) => report(id)) });
    const folder = temporaryFolder();
    save(folder, 'reports-page-1.json', page('reports', [report(1), report(2)], 1, 3, 5));
    save(folder, 'reports-page-3.json', page('reports', [report(5)], 3, 3, 5));
    const summary = await place.importFolder(folder);
    expect(summary.reports).toMatchObject({ isWhole: false, deleted: 0 });
    expect(idsOf(await place.list('reports'))).toEqual([1, 2, 3, 4, 5]);
  });

  test('of the default view say nothing of personal spaces', async () => {
    const place = await openEmpty();
    await place.import({
      spaces: [space(1), space(2, 'private')],
      reports: [report(1), report(2, inSpace(2)), report(3)],
    });
    const folder = temporaryFolder();
    save(folder, 'reports.json', page('reports', [report(3)], 1, 1, 1, ''));
    await place.importFolder(folder);
    expect(tokens(await place.list('reports'))).toEqual([report(2).token, report(3).token]);
  });

  test.for([
    ['[1, 2', 'reports-page-1.json is not valid JSON'],
    [JSON.stringify({ pagination: {}, reports: [] }), 'pagination.page is "undefined"'],
    [
      JSON.stringify({ pagination: { page: 1, total_count: 0 }, reports: 7 }),
      'reports is "7"; it must be a list of rows',
    ],
  ] as const)('that are broken are named: %s', ([content, message]) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'reports-page-1.json'), content);
    expect(() => readFolder(folder)).toThrow(message);
  });

  test('twice, or beside NDJSON of the same list, are refused', () => {
    const folder = temporaryFolder();
    save(folder, 'a.json', page('reports', [], 1, 1, 0));
    save(folder, 'b.json', page('reports', [], 1, 1, 0));
    expect(() => readFolder(folder)).toThrow('a.json and b.json are both page 1 of reports');
    const other = writeNdjson(temporaryFolder(), { reports: [] });
    save(other, 'a.json', page('reports', [], 1, 1, 0));
    expect(() => readFolder(other)).toThrow('has reports twice: in reports.ndjson and in a.json');
  });

  test('an empty folder, or none, is refused', () => {
    expect(() => readFolder(temporaryFolder())).toThrow('has neither saved Discovery pages');
    expect(() => readFolder('/nowhere/at/all')).toThrow('/nowhere/at/all is not a folder');
  });
});
