import { expect, test } from 'vitest';
import { type Answer, openRestWorkspace } from '../support/rest-workspace.ts';

/*
 * Clients of Mode read a thing, change a field, and send all of it back. Mode takes what it answers, and ignores what
 * nobody can change.
 */

const linkOf = (thing: Answer): string => thing._links.self.href;

test('whatever is answered is taken back by PATCH, and changes nothing', async () => {
  const { call, request, root, imported, ...made } = await openRestWorkspace();
  const [membership] = (await call('GET', `${root}/memberships`))._embedded.memberships;
  const [source] = (await call('GET', `${root}/data_sources`))._embedded.data_sources;
  const own = (await call('GET', `${root}/spaces?filter=all`))._embedded.spaces;
  const things: [kind: string, url: string][] = [
    ['space', linkOf(made.space)],
    ['space', imported.space],
    ...own.map((space: Answer) => ['space', linkOf(space)] as [string, string]),
    ['report', linkOf(made.report)],
    ['report', imported.report],
    ['query', linkOf(made.query)],
    ['query', imported.query],
    ['chart', linkOf(made.chart)],
    ['chart', imported.chart],
    ['report_schedule', linkOf(made.schedule)],
    ['report_schedule', linkOf(made.byPattern)],
    ['data_source', linkOf(source)],
    ['membership', linkOf(membership)],
  ];
  for (const [kind, url] of things) {
    const before = await call('GET', url);
    const sent = await request('PATCH', url, { [kind]: before, more: 1 });
    expect(sent.statusCode, `${url}: ${sent.body}`).toBe(200);
    expect(sent.json(), url).toEqual(before);
    const ignored = String(sent.headers['rollcall-ignored-fields']).split(', ');
    expect(ignored, url).toEqual(
      expect.arrayContaining([`${kind}._links`, `${kind}.token`, 'more']),
    );
    expect(await call('GET', url), url).toEqual(before);
  }
});

test('whatever is answered is taken by POST for another of its kind', async () => {
  const { call, root, ...made } = await openRestWorkspace();
  const report = linkOf(made.report);
  const [source] = (await call('GET', `${root}/data_sources`))._embedded.data_sources;
  const again: [kind: string, url: string, thing: Answer][] = [
    ['space', `${root}/spaces`, made.space],
    ['report', `${root}/reports`, made.report],
    ['report', `${root}/spaces/imported0001/reports`, made.report],
    ['query', `${report}/queries`, made.query],
    ['chart', `${linkOf(made.query)}/charts`, made.chart],
    ['data_source', `${root}/data_sources`, { ...source, name: 'Again', token: 'b00000000001' }],
  ];
  for (const [kind, url, thing] of again) {
    const other = await call('POST', url, { [kind]: thing });
    expect(other._links.self.href).not.toBe(linkOf(thing));
    if (thing.name !== undefined && kind !== 'data_source') expect(other.name).toBe(thing.name);
  }
  expect((await call('POST', `${report}/runs`, made.run)).parameters).toEqual(made.run.parameters);
});

test('what is changed in it is changed, and nothing else', async () => {
  const { call, root, ...made } = await openRestWorkspace();
  const other = await call('POST', `${root}/data_sources`, {
    data_source: { name: 'Other', adapter: 'jdbc:duckdb', folder: '.' },
  });
  const query = linkOf(made.query);
  const moved = { ...(await call('GET', query)), data_source_token: other.token };
  expect(await call('PATCH', query, { query: moved })).toMatchObject({
    data_source_token: other.token,
    data_source_id: other.id,
    raw_query: made.query.raw_query,
  });
  const back = { ...(await call('GET', query)), data_source_id: made.query.data_source_id };
  expect((await call('PATCH', query, { query: back })).data_source_token).toBe(
    made.query.data_source_token,
  );
  const pattern = linkOf(made.byPattern);
  const later = { ...(await call('GET', pattern)), cron: '0 8 * * *' };
  expect(await call('PATCH', pattern, { report_schedule: later })).toMatchObject({
    cron: '0 8 * * *',
    time_zone: 'Europe/Lisbon',
  });
});

test('values of fields that are known are checked as ever', async () => {
  const { request, imported, ...made } = await openRestWorkspace();
  const both = { data_source_token: null, data_source_id: made.query.data_source_id };
  const wrong: [url: string, body: object, field: string][] = [
    [linkOf(made.report), { report: { layout: null, name: 5 } }, 'report.name'],
    [linkOf(made.query), { query: { id: 'x', raw_query: [] } }, 'query.raw_query'],
    [linkOf(made.query), { query: { data_source_id: 'x' } }, 'query.data_source_id'],
    [imported.query, { query: { ...both, data_source_token: 'no' } }, 'data_source_token is "no"'],
    [linkOf(made.chart), { chart: { chart_type: 'sankey' } }, 'chart_type is "sankey"'],
    [imported.chart, { chart: { chart_type: 'cloud' } }, 'chart_type is "cloud"'],
    [linkOf(made.space), { space: { restricted: true, name: '' } }, 'space.name'],
    [linkOf(made.schedule), { report_schedule: { cron: 'often' } }, 'cron'],
  ];
  for (const [url, body, field] of wrong) {
    const response = await request('PATCH', url, body);
    expect(response.statusCode, JSON.stringify(body)).toBe(400);
    expect(response.json().message).toContain(field);
  }
});

test('fields that are ignored are named where they stand, in a header that holds nothing else', async () => {
  const { request, ...made } = await openRestWorkspace();
  const ignored = async (url: string, body: object) => {
    const response = await request('PATCH', url, body);
    expect(response.statusCode, response.body).toBe(200);
    return response.headers['rollcall-ignored-fields'];
  };
  const report = linkOf(made.report);
  expect(await ignored(report, { report: { name: 'Cities' } })).toBeUndefined();
  expect(await ignored(report, { report: { layout: { x: 1 }, 'viewed?': true }, x: [] })).toBe(
    'report.layout, report.viewed?, x',
  );
  expect(
    await ignored(linkOf(made.chart), {
      chart: { spec: { x: 'city', z: 1, formats: { a: { style: 'plain', colour: 'red' } } } },
    }),
  ).toBe('chart.spec.z, chart.spec.formats.a.colour');
  expect(
    await ignored(linkOf(made.schedule), { report_schedule: { cron: { freq: 'daily', at: 1 } } }),
  ).toBe('report_schedule.cron.at');
  expect(await ignored(report, { report: { 'a\r\nset-cookie: b=c': 1, 'é.,"': 1 } })).toBe(
    'report.a%0D%0Aset-cookie%3A%20b%3Dc, report.%C3%A9%2E%2C%22',
  );
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`field${index}`, 1]));
  const long = String(await ignored(report, { report: { ...many, ['x'.repeat(9000)]: 1 } }));
  expect(long.length).toBeLessThan(1100);
  expect(long).toMatch(/^report\.field0, report\.field1, .*, \.\.\.$/);
});

test('what Mode does not have refuses fields that nobody knows', async () => {
  const { request, root, ...made } = await openRestWorkspace();
  const report = linkOf(made.report);
  const ours: ['PUT' | 'PATCH' | 'POST', string, object][] = [
    ['PUT', `${report}/draft`, { draft: { base_version: 0, content: {}, more: 1 } }],
    ['POST', `${root}/reports/bulk`, { bulk: { changes: [], more: 1 } }],
    ['PATCH', `${root}/settings`, { settings: { answers_within_days: 30, more: 1 } }],
    ['POST', `${root}/api_tokens`, { name: 'Mine', more: 1 }],
    ['POST', `${root}/invitations`, { invitation: { email: 'x@acme.example', more: 1 } }],
    [
      'PUT',
      `${report}/content`,
      { content: { name: null, description: null, queries: [] }, more: 1 },
    ],
  ];
  for (const [method, url, body] of ours) {
    const response = await request(method, url, body, { 'if-match': '*' });
    expect(response.statusCode, `${url}: ${response.body}`).toBe(400);
    expect(response.json().message).toContain('"more"');
  }
});
