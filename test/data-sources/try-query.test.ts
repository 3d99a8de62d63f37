import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAcme } from '../support/acme.ts';
import { queryPrograms } from '../support/query-programs.ts';
import { waitFor } from '../support/wait-for.ts';

const SLOW =
  'select count(*) from range(1000000000) a, range(1000000) b where a.range % 7 = b.range % 11';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

async function openWithCities() {
  const workplace = await openAcme();
  const { config, call, admin, ana } = workplace;
  const folder = join(config.dataDir, 'files', 'acme');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cities.csv'), 'city,people\nBern,134\nGenf,203\n');
  const made = await call('POST', '/api/acme/data_sources', admin, {
    data_source: { name: 'Files', adapter: 'jdbc:duckdb', folder: '.' },
  });
  expect(made.statusCode, made.body).toBe(201);
  const path = `${made.json()._links.self.href}/query`;
  return {
    ...workplace,
    path,
    tryQuery: async (rawQuery: string, parameters?: object) => {
      const query = { raw_query: rawQuery, ...(parameters && { parameters }) };
      const response = await call('POST', path, ana, { query });
      expect(response.statusCode, response.body).toBe(200);
      return response.json();
    },
  };
}

test('a query is run, and its first rows are answered', async () => {
  const { tryQuery, database } = await openWithCities();
  expect(await tryQuery('select * from cities order by city')).toEqual({
    state: 'succeeded',
    columns: [
      { name: 'city', type: 'VARCHAR' },
      { name: 'people', type: 'BIGINT' },
    ],
    rows: [
      ['Bern', 134],
      ['Genf', 203],
    ],
    row_count: 2,
    limit: false,
    result: null,
    rendered_source: 'select * from cities order by city',
    form_fields: [],
    error_code: null,
    error_message: null,
    error_line: null,
    error_position: null,
  });
  expect(await database.all('select * from runs')).toEqual([]);
});

test('charts are drawn of all rows of a result that is kept, for who ran the query alone', async () => {
  const { path, call, ana, admin, time } = await openWithCities();
  const query = { raw_query: 'select n % 3 as k, n from range(120000) t(n)', keep: true };
  const { result, rows } = (await call('POST', path, ana, { query })).json();
  expect(rows).toHaveLength(1000);
  const charts = [
    { chart_type: 'bar', spec: { x: 'k', y: ['n'] } },
    { chart_type: 'bar', spec: { x: 'k', y: ['m'] } },
  ];
  const draw = (authorization: string, of = result) =>
    call('POST', `${path}/pictures`, authorization, { pictures: { result: of, charts } });
  const sums = [0, 1, 2].map((k) =>
    range(120_000)
      .filter((n) => n % 3 === k)
      .reduce((a, b) => a + b),
  );
  const { pictures } = (await draw(ana)).json();
  expect(pictures).toMatchObject([
    { kind: 'series', x: { values: [0, 1, 2] }, series: [{ values: sums }] },
    { kind: 'refused', reason: 'This run has no column "m".' },
  ]);
  expect((await draw(admin)).statusCode).toBe(404);
  expect((await draw(ana, 'nosuchresult')).json().hint).toContain('Run the query again');
  time.nowMs += 16 * 60_000;
  expect((await draw(ana)).statusCode).toBe(404);
});

test('a thousand rows are answered, and that there are more', async () => {
  const { tryQuery } = await openWithCities();
  const result = await tryQuery('select range as n from range(1001)');
  expect(result).toMatchObject({ state: 'succeeded', row_count: 1000, limit: true });
  expect((await tryQuery('select range as n from range(1000)')).limit).toBe(false);
  const wide = await tryQuery(`select repeat('x', 10000) from range(900)`);
  expect(wide.row_count).toBeLessThan(900);
  expect(wide.limit).toBe(true);
});

test('a cell that is too long to show was no row at all, and is its beginning', async () => {
  const { tryQuery } = await openWithCities();
  const sql = `select 7 as n, repeat('é', 2000000) as long, [repeat('a', 2000000)] as list, interval '1 day' as span`;
  const { rows, columns, limit, row_count } = await tryQuery(sql);
  const beginning = `${'é'.repeat(250_000)}…`;
  expect(rows).toEqual([[7, beginning, `["${'a'.repeat(249_998)}…`, '1 day']]);
  const note =
    'Cells of more than 250000 characters are truncated in the preview; downloads are complete.';
  expect(columns).toEqual([
    { name: 'n', type: 'INTEGER' },
    { name: 'long', type: 'VARCHAR', note },
    { name: 'list', type: 'VARCHAR[]', note },
    { name: 'span', type: 'VARCHAR', note: 'INTERVAL values are kept as text.' },
  ]);
  expect({ limit, row_count }).toEqual({ limit: false, row_count: 1 });
});

test('its parameters have their defaults, and the values that are given', async () => {
  const { tryQuery } = await openWithCities();
  const sql = [
    'select city from cities where people > {{ least }}',
    '{% form %}',
    'least:',
    '  type: number',
    '  default: 150',
    '{% endform %}',
  ].join('\n');
  const otherwise = await tryQuery(sql);
  expect(otherwise.rows).toEqual([['Genf']]);
  expect(otherwise.form_fields).toMatchObject([{ name: 'least', default: 150, value: 150 }]);
  const given = await tryQuery(sql, { least: '100', other: 1 });
  expect(given.rows).toHaveLength(2);
  expect(given.form_fields).toMatchObject([{ value: 100 }]);
});

describe('what is wrong with it', () => {
  test('is an answer that names the line', async () => {
    const { tryQuery } = await openWithCities();
    expect(await tryQuery('select city\nfrom cities\nwhere peple > 1')).toMatchObject({
      state: 'failed',
      rows: [],
      error_code: 'sql_error',
      error_message: expect.stringContaining('peple'),
      error_line: 3,
    });
  });

  test('is an answer where it is the template', async () => {
    const { tryQuery } = await openWithCities();
    expect(await tryQuery('select 1\n{% if %}')).toMatchObject({
      state: 'failed',
      rendered_source: null,
      error_code: 'template_error',
      error_line: 2,
    });
    expect((await tryQuery('')).state).toBe('failed');
    expect((await tryQuery('select 1; select 2')).error_code).toBe('not_a_query');
  });

  test('is refused where it is the request', async () => {
    const { call, path, ana } = await openWithCities();
    const form = 'select {{ n }}\n{% form %}\nn:\n  type: number\n{% endform %}';
    for (const query of [{}, { raw_query: 7 }, { raw_query: 'x'.repeat(1_000_001) }]) {
      expect((await call('POST', path, ana, { query })).statusCode).toBe(400);
    }
    const query = { raw_query: form, parameters: { n: 'seven' } };
    const response = await call('POST', path, ana, { query });
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain('"seven"');
    const elsewhere = '/api/acme/data_sources/0123456789ab/query';
    expect((await call('POST', elsewhere, ana, { query })).statusCode).toBe(404);
  });
});

test('it ends when the caller hangs up, and others have their turn', async () => {
  const { server, path, ana, tryQuery } = await openWithCities();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const body = JSON.stringify({ query: { raw_query: SLOW } });
  const open = Array.from({ length: 5 }, () => {
    const headers = { authorization: ana, 'content-type': 'application/json' };
    const sent = request(`${url}${path}`, { method: 'POST', headers });
    sent.on('error', () => undefined).end(body);
    return sent;
  });
  await waitFor(() => expect(queryPrograms()).toHaveLength(3));
  for (const sent of open) sent.destroy();
  await waitFor(() => expect(queryPrograms()).toEqual([]));
  expect((await tryQuery('select 1')).state).toBe('succeeded');
});
