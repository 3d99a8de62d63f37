import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { openAcme } from '../support/acme.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer } from '../support/workplace.ts';

const chart = (title: string) => ({
  chart_type: 'line',
  chart_title: title,
  spec: { x: 'month', y: ['revenue'] },
});
const query = (name: string, charts: object[] = []) => ({
  name,
  raw_query: `select '${name}'`,
  data_source_token: null,
  charts,
});

/** A report that was imported, with a query. */
async function openWithReport() {
  const workplace = await openAcme();
  const { call, get, putReport, ana, database, acme } = workplace;
  const token = await putReport(7, { sql: 'select 1' });
  const report = `/api/acme/reports/${token}`;
  const path = `${report}/content`;
  const etag = async () => String((await get(path, ana)).headers.etag);
  const publish = async (
    content: object,
    { by = ana, ifMatch }: { by?: string; ifMatch?: string } = {},
  ) => {
    const headers = { 'if-match': ifMatch ?? (await etag()) };
    return call('PUT', path, by, { content }, headers);
  };
  const bearer = await makeBearer(database, acme);
  const listed = async (list: string) => (await get(`/batch/acme/${list}`, bearer)).json()[list];
  return { ...workplace, token, report, path, etag, publish, listed };
}

test('a report is read as a whole', async () => {
  const { get, path, report, token, ana } = await openWithReport();
  expect((await get(path, ana)).json()).toEqual({
    version: 0,
    name: 'Report 7',
    description: null,
    queries: [
      {
        token: `q${token}`,
        name: null,
        raw_query: 'select 1',
        data_source_token: null,
        charts: [],
      },
    ],
    _links: { self: { href: path }, report: { href: report } },
  });
});

describe('a report that is published', () => {
  test('has what was given and nothing else, in one version', async () => {
    const { publish, get, path, token, report, ana, listed } = await openWithReport();
    const first = await publish({
      name: 'Revenue',
      description: 'By month.',
      queries: [
        { ...query('Changed', [chart('New'), chart('Other')]), token: `q${token}` },
        query('Added', [chart('On the new one')]),
      ],
    });
    expect(first.statusCode, first.body).toBe(200);
    const content = first.json();
    expect(content.queries).toMatchObject([
      { token: `q${token}`, name: 'Changed', charts: [chart('New'), chart('Other')] },
      { name: 'Added', charts: [chart('On the new one')] },
    ]);
    expect((await get(path, ana)).json()).toEqual(content);
    expect(first.headers.etag).toBe((await get(path, ana)).headers.etag);
    // The state in which it was found is the first version.
    expect(content.version).toBe(2);

    const [changed, added] = content.queries;
    const moved = { ...changed.charts[0], chart_title: 'Moved' };
    const second = await publish({
      name: 'Revenue',
      description: null,
      queries: [{ ...added, charts: [...added.charts, moved] }],
    });
    expect(second.json()).toMatchObject({ version: 3, queries: [{ token: added.token }] });
    expect(second.json().queries).toHaveLength(1);
    const titles = (await listed('charts')).map((row: Record<string, unknown>) => [
      row.chart_title,
      row.query_token,
    ]);
    expect(titles).toEqual(
      expect.arrayContaining([
        ['On the new one', added.token],
        ['Moved', added.token],
      ]),
    );
    expect(titles).toHaveLength(2);
    expect(await listed('queries')).toMatchObject([{ token: added.token, name: 'Added' }]);
    expect((await get(report, ana)).json()).toMatchObject({ name: 'Revenue', description: null });
  });

  test('keeps the fields that are not given; those of a new query are null', async () => {
    const { publish, token } = await openWithReport();
    await publish({
      name: 'Revenue',
      description: 'By month.',
      queries: [{ ...query('One', [chart('Of one')]), token: `q${token}` }],
    });
    const kept = await publish({
      description: 'By week.',
      queries: [{ token: `q${token}`, name: 'Renamed', charts: [] }, { charts: [] }],
    });
    expect(kept.statusCode, kept.body).toBe(200);
    expect(kept.json()).toMatchObject({
      version: 3,
      name: 'Revenue',
      description: 'By week.',
      queries: [
        { name: 'Renamed', raw_query: "select 'One'" },
        { name: null, raw_query: null, data_source_token: null },
      ],
    });
  });

  test('keeps the fields of a chart that are not given', async () => {
    const { publish, token } = await openWithReport();
    const one = (charts: object[]) => [{ token: `q${token}`, charts }];
    const made = await publish({ queries: one([chart('Revenue')]) });
    const [{ token: chartToken }] = made.json().queries[0].charts;
    const kept = await publish({ queries: one([{ token: chartToken, chart_title: 'Renamed' }]) });
    expect(kept.json().queries[0].charts).toEqual([{ token: chartToken, ...chart('Renamed') }]);
  });

  test('has its queries in the order in which they are given, until a version brings back another', async () => {
    const { publish, call, get, path, report, ana } = await openWithReport();
    const content = { name: 'Revenue', description: null };
    const names = async () => {
      const shown = (await get(`${report}/queries`, ana)).json()._embedded.queries;
      const whole = (await get(path, ana)).json().queries;
      expect(shown.map(nameOf)).toEqual(whole.map(nameOf));
      return whole.map(nameOf).join('');
    };
    const nameOf = ({ name }: { name: string }) => name;
    const made = await publish({ ...content, queries: [query('A'), query('B'), query('C')] });
    const [a, b, c] = made.json().queries;

    const reordered = await publish({ ...content, queries: [c, query('N'), a, b] });
    expect(await names()).toBe('CNAB');
    const { versions } = (await get(`${report}/versions`, ana)).json()._embedded;
    expect(versions[0].summary).toBe('Reordered its queries; added the query “N”');
    const run = (await call('POST', `${report}/runs`, ana)).json();
    const ran = (await get(`${report}/runs/${run.token}/query_runs`, ana)).json()._embedded;
    expect(ran.query_runs.map((one: { query_name: string }) => one.query_name).join('')).toBe(
      'CNAB',
    );

    await call('PATCH', `${report}/queries/${a.token}`, ana, { query: { name: 'a' } });
    await call('POST', `${report}/queries`, ana, { query: { name: 'Z' } });
    await call('DELETE', `${report}/queries/${c.token}`, ana);
    expect(await names()).toBe('NaBZ');
    await call('POST', `${report}/versions/${reordered.json().version}/restore`, ana);
    expect(await names()).toBe('CNAB');
  });

  test('and is as it was before has no new version', async () => {
    const { publish, get, path, ana } = await openWithReport();
    const { name, description, queries } = (await get(path, ana)).json();
    const response = await publish({ name, description, queries });
    expect(response.json().version).toBe(0);
  });

  test('keeps what its import brought, and was not touched', async () => {
    const { publish, get, path, token, database, acme, listed, ana } = await openWithReport();
    const [report] = await database.all<{ slot: number }>(
      'select slot from discovery_rows where list = 1 and token = ?',
      [token],
    );
    const ofReport = { report_id: 7, report_token: token };
    await putRows(
      database,
      acme,
      lists.charts,
      [
        { id: 1, token: 'odd', chart_type: 'heatMap', query_token: `q${token}`, ...ofReport },
        { id: 2, token: 'lost', chart_type: 'bar', ...ofReport },
      ],
      { parent: report?.slot ?? 0 },
    );
    const { queries } = (await get(path, ana)).json();
    expect(queries[0].charts).toMatchObject([{ token: 'odd', chart_type: 'heatMap', spec: null }]);
    const response = await publish({ name: 'Other', description: null, queries });
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json().queries).toEqual(queries);
    expect((await listed('charts')).map(({ token: one }: { token: string }) => one)).toEqual([
      'odd',
      'lost',
    ]);
  });

  test('is the draft no longer', async () => {
    const { publish, call, get, report, ana, bo } = await openWithReport();
    for (const by of [ana, bo]) {
      const draft = { base_version: 0, content: { name: 'Draft' } };
      await call('PUT', `${report}/draft`, by, { draft });
    }
    await publish({ name: 'Draft', description: null, queries: [] });
    expect((await get(`${report}/draft`, ana)).json().content).toBeNull();
    expect((await get(`${report}/draft`, bo)).json()).toMatchObject({
      content: { name: 'Draft' },
      base_version: 0,
      version: 2,
    });
  });
});

describe('nobody’s work is overwritten unseen', () => {
  test('who began from an older state is refused', async () => {
    const { publish, etag, call, get, path, report, ana, bo } = await openWithReport();
    const before = await etag();
    const content = { name: 'By bo', description: null, queries: [] };
    expect((await publish(content, { by: bo, ifMatch: before })).statusCode).toBe(200);
    const late = await publish({ ...content, name: 'By ana' }, { ifMatch: before });
    expect(late.statusCode).toBe(412);
    expect((await get(path, ana)).json().name).toBe('By bo');
    const now = await etag();
    await call('PATCH', report, bo, { report: { name: 'Renamed' } });
    expect((await publish(content, { ifMatch: now })).statusCode).toBe(412);
  });

  test('of two at once one is published', async () => {
    const { publish, etag } = await openWithReport();
    const ifMatch = await etag();
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((name) => publish({ name, description: null, queries: [] }, { ifMatch })),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
    expect(statuses).toEqual([200, 412, 412]);
  });

  test('who does not say from which state is refused', async () => {
    const { call, path, ana } = await openWithReport();
    const content = { name: 'By ana', description: null, queries: [] };
    const response = await call('PUT', path, ana, { content });
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain('If-Match');
  });
});

test.each([
  [{ token: 'unknown' }, {}, '"unknown"'],
  [{ data_source_token: 'nowhere' }, {}, '"nowhere"'],
  [{}, { token: 'unknown' }, '"unknown"'],
  [{}, { chart_type: 'heatMap' }, '"heatMap"'],
  [{}, { chart_type: undefined }, '"null"'],
  [{ colour: 'red' }, {}, 'colour'],
] as const)(
  'a query with %j and a chart with %j is refused: the error names %s',
  async (more, moreOfChart, named) => {
    const { publish, get, path, ana } = await openWithReport();
    const before = await get(path, ana);
    const charts = [{ ...chart('One'), ...moreOfChart }];
    const queries = [{ ...query('One', charts), ...more }];
    const response = await publish({ name: 'New', description: null, queries });
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain(named);
    expect((await get(path, ana)).body).toBe(before.body);
  },
);

test('a token that is given twice is refused', async () => {
  const { publish, token } = await openWithReport();
  const twice = { ...query('One'), token: `q${token}` };
  const response = await publish({ name: 'New', description: null, queries: [twice, twice] });
  expect(response.statusCode).toBe(400);
});

test('what is not seen is not published', async () => {
  const { call, putReport, bo } = await openWithReport();
  const own = await putReport(8, { in: 'own' });
  const payload = { content: { name: 'New', description: null, queries: [] } };
  const headers = { 'if-match': '*' };
  for (const method of ['GET', 'PUT'] as const) {
    const body = method === 'PUT' ? payload : undefined;
    const hidden = await call(method, `/api/acme/reports/${own}/content`, bo, body, headers);
    const absent = await call(method, '/api/acme/reports/0123456789ab/content', bo, body, headers);
    expect(hidden.statusCode).toBe(404);
    expect(hidden.body).toBe(absent.body);
  }
});
