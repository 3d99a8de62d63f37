import { describe, expect, test } from 'vitest';
import { FIRST_OWN_ID } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { getLastOwnId } from '../../src/inventory/row-store.ts';
import { idsOf, ofReport, openImportPlace, query, report, space } from '../support/import-place.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic } from '../support/workplace.ts';

const spaces = [space(1)];
const named = (id: number, token: string, more = {}) => report(id, { token, ...more });
const tokensOf = (rows: Record<string, unknown>[]) => rows.map(({ token }) => token);

describe('a number that comes back under another token', () => {
  test('is another report: the one before goes', async () => {
    const place = await openImportPlace();
    await place.import({
      spaces,
      reports: [named(1, 'old'), named(2, 'two')],
      queries: [{ ...query(11, 1), report_token: 'old' }],
    });
    const summary = await place.import(
      {
        spaces,
        reports: [named(1, 'new'), named(2, 'two')],
        queries: [{ ...query(11, 1), token: 'query-new', report_token: 'new' }],
      },
      { mostDeleted: 1 },
    );
    expect(summary.reports).toMatchObject({ added: 1, unchanged: 1, deleted: 1 });
    const listed = await place.list('reports');
    expect(tokensOf(listed)).toEqual(['two', 'new']);
    expect(idsOf(listed)).toEqual([2, 1]);
    expect(await place.list('queries')).toMatchObject([{ id: 11, token: 'query-new' }]);
    expect(tokensOf(await place.list('report_stats')).length).toBe(2);
  });

  test('goes even where its list is not whole, and not where nothing may be deleted', async () => {
    const place = await openImportPlace();
    await place.import({ spaces, reports: [named(1, 'old'), named(2, 'two')] });
    const copy = { reports: [named(1, 'new'), named(2, 'two')] };
    const kept = await place.import(copy, { keepMissing: true });
    expect(kept.reports).toMatchObject({ added: 1, kept: 1, deleted: 0 });
    const [old, , fresh] = await place.list('reports');
    expect(old?.id).toBeGreaterThan(FIRST_OWN_ID);
    expect(fresh).toMatchObject({ id: 1, token: 'new' });
    expect((await place.import(copy)).reports).toMatchObject({ deleted: 1, unchanged: 2 });
  });

  test('of which something was made here is archived, and comes back as itself', async () => {
    const place = await openImportPlace();
    const before = { spaces, reports: [named(1, 'old'), named(2, 'two')] };
    await place.import(before);
    const headers = { authorization: await makeBasic(place.database, place.organization) };
    await place.send({ method: 'POST', url: '/api/here/reports/old/views', headers });
    const replaced = await place.import({ spaces, reports: [named(1, 'new'), named(2, 'two')] });
    expect(replaced.reports).toMatchObject({ added: 1, archived: 1 });
    const back = await place.import(before);
    expect(back.reports).toMatchObject({ restored: 1, deleted: 1 });
    expect((await place.list('reports')).map(({ id, token }) => [id, token])).toEqual([
      [1, 'old'],
      [2, 'two'],
    ]);
  });
});

test('a report that was changed here gives up its number where the source has another under it', async () => {
  const place = await openImportPlace();
  await place.import({ spaces, reports: [named(1, 'old'), named(2, 'two')] });
  const headers = { authorization: await makeBasic(place.database, place.organization) };
  const payload = { report: { name: 'Ours now' } };
  await place.send({ method: 'PATCH', url: '/api/here/reports/old', headers, payload });
  const summary = await place.import({ spaces, reports: [named(1, 'new'), named(2, 'two')] });
  expect(summary.reports).toMatchObject({ added: 1, unchanged: 1, deleted: 0 });
  const [ours, two, fresh] = await place.list('reports');
  expect(ours).toMatchObject({ token: 'old', name: 'Ours now' });
  expect(ours?.id).toBeGreaterThan(FIRST_OWN_ID);
  expect([two?.id, fresh?.id]).toEqual([2, 1]);
});

test('reports that have changed numbers keep their places', async () => {
  const place = await openImportPlace();
  await place.import({ spaces, reports: [named(1, 'a'), named(2, 'b'), named(3, 'c')] });
  const summary = await place.import({
    spaces,
    reports: [named(2, 'a'), named(3, 'b'), named(1, 'c')],
  });
  expect(summary.reports).toMatchObject({ changed: 3, added: 0, deleted: 0 });
  expect((await place.list('reports')).map(({ id, token }) => [id, token])).toEqual([
    [2, 'a'],
    [3, 'b'],
    [1, 'c'],
  ]);
});

describe('numbers of things made here and those of a source', () => {
  test('do not meet later: ours go on elsewhere', async () => {
    const place = await openImportPlace();
    const headers = { authorization: await makeBasic(place.database, place.organization) };
    const last = await getLastOwnId(place.database, place.organization.id);
    await place.import({ spaces, reports: [1, 2, 3].map((more) => report(last + more)) });
    for (let made = 0; made < 3; made++) {
      const payload = { report: { name: 'Ours' } };
      const url = '/api/here/reports';
      const response = await place.send({ method: 'POST', url, headers, payload });
      expect(response.statusCode).toBe(201);
      expect(Number(response.json().id)).toBeGreaterThan(last + 3);
    }
  });

  test('are told where they meet, with the way out', async () => {
    const place = await openImportPlace();
    await putRows(place.database, place.organization, lists.members, [
      { id: 1_000_000_001, token: 'ours' },
    ]);
    const members = [{ id: 1_000_000_001, token: 'theirs' }];
    await expect(place.import({ members })).rejects.toThrow(
      /conflicts with id 1000000001, token "ours" which was created here\. .*Import into an organization of its own.*rollcall organization create/,
    );
  });
});

describe('every report that is imported has stats', () => {
  test('of nothing, where the source has none', async () => {
    const place = await openImportPlace();
    const summary = await place.import({ spaces, reports: [report(1), report(2)] });
    expect(summary.report_stats).toMatchObject({ made: 2, added: 0 });
    expect(await place.list('report_stats')).toMatchObject([
      { ...ofReport(1), view_count: 0, active_schedules_count: 0, editors_emails: [] },
      { ...ofReport(2), view_count: 0 },
    ]);
    expect((await place.import({ spaces, reports: [report(1), report(2)] })).report_stats).toBe(
      undefined,
    );
  });

  test('which count what happens here, and stay where the source lists none', async () => {
    const place = await openImportPlace();
    await place.import({ spaces, reports: [report(1)], report_stats: [] });
    const headers = { authorization: await makeBasic(place.database, place.organization) };
    const url = `/api/here/reports/${reportRow(1).token}/views`;
    await place.send({ method: 'POST', url, headers });
    await place.import({ spaces, reports: [report(1)], report_stats: [] });
    expect(await place.list('report_stats')).toMatchObject([{ view_count: 1 }]);
  });
});
