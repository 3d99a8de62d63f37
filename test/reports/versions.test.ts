import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { findRowByToken } from '../../src/inventory/row-store.ts';
import { insertVersion } from '../../src/reports/version-store.ts';
import { openReport } from '../support/edited-report.ts';
import { putRows } from '../support/rows.ts';
import { putRun } from '../support/runs.ts';

type Version = { number: number; summary: string; editor_email: string | null };

describe('a version', () => {
  test('is left by each edit, with who made it and what it did', async () => {
    const { as, report, addQuery, addChart } = await openReport();
    const query = await addQuery({ name: 'Revenue', raw_query: 'select 1' });
    await addChart(query, { chart_type: 'line', chart_title: 'By month' });
    await as.bo('PATCH', report, { report: { name: 'Revenue', description: 'By week' } });
    await as.bo('DELETE', query);
    const { _embedded, pagination } = (await as.bo('GET', `${report}/versions`)).json();
    expect(pagination.total_count).toBe(5);
    const told = _embedded.versions.map(({ number, summary, editor_email }: Version) => [
      number,
      editor_email?.split('@')[0],
      summary,
    ]);
    expect(told).toEqual([
      [5, 'bo', 'Deleted the query “Revenue”; deleted the chart “By month”'],
      [4, 'bo', 'Named it “Revenue”; changed its description'],
      [3, 'ana', 'Added the chart “By month”'],
      [2, 'ana', 'Added the query “Revenue”'],
      [1, 'ana', 'Created the report'],
    ]);
    const version = (await as.bo('GET', `${report}/versions/3`)).json();
    expect(version.content).toMatchObject({
      name: 'Weekly revenue',
      queries: [{ name: 'Revenue', raw_query: 'select 1' }],
      charts: [{ chart_type: 'line', chart_title: 'By month', spec: {} }],
    });
    for (const absent of ['0', '6', '01', '-1', 'x', '99999999999']) {
      expect((await as.bo('GET', `${report}/versions/${absent}`)).statusCode).toBe(404);
    }
  });

  test('is left of the state in which a report was found, once it is edited', async () => {
    const { as, database, acme } = await openReport();
    const space = await findRowByToken(database, acme.id, lists.spaces, 'finance');
    const [slot = 0] = await putRows(
      database,
      acme,
      lists.reports,
      [{ id: 5, token: 'imported', name: 'Old', created_at: '2020-01-01T00:00:00.000Z' }],
      { parent: space?.slot ?? null },
    );
    const ofReport = { report_id: 5, report_token: 'imported' };
    const below = { parent: slot };
    await putRows(database, acme, lists.queries, [{ id: 7, token: 'by-shop', ...ofReport }], below);
    const pie = { id: 6, token: 'pie', query_token: 'by-shop', ...ofReport };
    await putRows(database, acme, lists.charts, [pie], below);
    await as.bo('PATCH', '/api/acme/reports/imported', { report: { name: 'New' } });
    const { _embedded } = (await as.bo('GET', '/api/acme/reports/imported/versions')).json();
    expect(_embedded.versions).toMatchObject([
      { number: 2, editor_email: 'bo@acme.example', summary: 'Named it “New”' },
      {
        number: 1,
        editor_email: null,
        summary: 'As it was imported',
        saved_at: '2020-01-01T00:00:00.000Z',
      },
    ]);
    const first = (await as.bo('GET', '/api/acme/reports/imported/versions/1')).json();
    expect(first.content).toMatchObject({ name: 'Old', charts: [{ token: 'pie', spec: null }] });
  });

  test('of the time before charts stood with their queries is read and restored', async () => {
    const { as, database, acme, report } = await openReport();
    const made = { createdAt: '2026-01-01T00:00:00.000Z', creatorSlot: null };
    const query = { ...made, id: 3, token: 'by-shop', rawQuery: 'select 1', dataSourceToken: null };
    const chart = { ...made, id: 4, token: 'pie', queryToken: 'by-shop', spec: { y: ['n'] } };
    const content = {
      ...{ name: 'Shops', description: null },
      queries: [{ ...query, name: 'By shop', creatorEmail: 'ana@acme.example' }],
      charts: [{ ...chart, type: 'pie', title: 'All shops' }],
    };
    const { slot = 0 } =
      (await findRowByToken(database, acme.id, lists.reports, report.split('/').at(-1) ?? '')) ??
      {};
    const about = { savedAt: made.createdAt, editorEmail: null, summary: 'Created the report' };
    await insertVersion(database, acme.id, slot, { number: 2, ...about }, JSON.stringify(content));
    const kept = (await as.ana('GET', `${report}/versions/2`)).json().content;
    expect(kept).toMatchObject({
      queries: [{ token: 'by-shop', raw_query: 'select 1' }],
      charts: [{ token: 'pie', query_token: 'by-shop', chart_type: 'pie', spec: { y: ['n'] } }],
    });
    await as.ana('POST', `${report}/versions/2/restore`);
    expect((await as.ana('GET', `${report}/content`)).json()).toMatchObject({
      name: 'Shops',
      queries: [{ token: 'by-shop', name: 'By shop', charts: [{ chart_title: 'All shops' }] }],
    });
  });

  test('has a name that somebody gave it, and the run that shows its results', async () => {
    const { as, database, acme, report, addQuery } = await openReport();
    await addQuery({ name: 'Revenue', raw_query: 'select 1' });
    const path = `${report}/versions/2`;
    const named = await as.bo('PATCH', path, { version: { name: 'As sent' } });
    expect([named.statusCode, named.json().name]).toEqual([200, 'As sent']);
    const { _embedded } = (await as.ana('GET', `${report}/versions`)).json();
    expect(_embedded.versions.map(({ name }: { name: string | null }) => name)).toEqual([
      'As sent',
      null,
    ]);
    for (const name of ['', 'x'.repeat(256), 7, undefined]) {
      const refused = await as.bo('PATCH', path, { version: { name } });
      expect([refused.statusCode, refused.json().message]).toEqual([
        400,
        expect.stringContaining('name'),
      ]);
    }
    expect(
      (await as.bo('PATCH', `${report}/versions/9`, { version: { name: 'x' } })).statusCode,
    ).toBe(404);
    const token = report.split('/').at(-1) ?? '';
    const { slot = 0 } = (await findRowByToken(database, acme.id, lists.reports, token)) ?? {};
    expect((await as.ana('GET', path)).json()._links.run).toBeUndefined();
    const { token: run } = await putRun(database, acme, { slot, state: 'succeeded', version: 2 });
    for (const version of [1, null])
      await putRun(database, acme, { slot, state: 'succeeded', version });
    expect((await as.ana('GET', path)).json()._links.run.href).toBe(`${report}/runs/${run}`);
    await database.run('update runs set expired_at = ? where token = ?', ['2026-11-24', run]);
    expect((await as.ana('GET', path)).json()._links.run).toBeUndefined();
    expect((await as.ana('PATCH', path, { version: { name: null } })).json().name).toBeNull();
  });

  test('is left by no move, archiving, run or view', async () => {
    const { as, report } = await openReport();
    const own = (await as.ana('POST', '/api/acme/reports')).json().space_token;
    await as.ana('PATCH', report, { report: { space_token: own } });
    await as.ana('PATCH', `${report}/archive`);
    await as.ana('PATCH', `${report}/unarchive`);
    await as.ana('POST', `${report}/views`);
    const { pagination } = (await as.ana('GET', `${report}/versions`)).json();
    expect(pagination.total_count).toBe(1);
    expect((await as.ana('GET', report)).json().edited_at).toBeNull();
  });
});

describe('restoring a version', () => {
  test('keeps what is still there and brings back what was deleted under its token', async () => {
    const { as, report, addQuery, addChart } = await openReport();
    const [first, second] = [await addQuery({ name: 'First' }), await addQuery({ name: 'Second' })];
    const chart = await addChart(first, { chart_type: 'pie', spec: { x: 'region' } });
    const before = (await as.ana('GET', chart)).json();
    await as.ana('DELETE', first);
    await as.ana('PATCH', second, { query: { name: 'Changed' } });
    await addQuery({ name: 'Third' });
    await as.bo('PATCH', report, { report: { name: 'Other' } });

    const restored = await as.bo('POST', `${report}/versions/4/restore`);
    expect(restored.statusCode, restored.body).toBe(200);
    expect(restored.json()).toMatchObject({ name: 'Weekly revenue', query_count: 2 });
    const { queries } = (await as.bo('GET', `${report}/queries`)).json()._embedded;
    expect(queries.map(({ name }: { name: string }) => name)).toEqual(['First', 'Second']);
    const { updated_at: _, ...same } = before;
    expect((await as.bo('GET', chart)).json()).toMatchObject(same);
    expect((await as.bo('GET', first)).json()._links.creator).toBeDefined();

    const { versions } = (await as.bo('GET', `${report}/versions`)).json()._embedded;
    expect(versions[0]).toMatchObject({ summary: 'Restored version 4' });
    await as.bo('POST', `${report}/versions/4/restore`);
    const after = (await as.bo('GET', `${report}/versions`)).json();
    expect(after.pagination.total_count).toBe(versions.length);
  });

  test('of another state than the caller knows is refused', async () => {
    const { as, report } = await openReport();
    const known = { 'if-match': String((await as.bo('GET', report)).headers.etag) };
    await as.bo('PATCH', report, { report: { name: 'Other' } });
    const restore = `${report}/versions/1/restore`;
    expect((await as.bo('POST', restore, undefined, known)).statusCode).toBe(412);
    expect((await as.bo('POST', restore)).statusCode).toBe(200);
  });
});
