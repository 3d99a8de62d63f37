import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { openAcme } from '../support/run-requests.ts';
import { makeReport } from '../support/runs.ts';
import { temporaryFolder } from '../support/workplace.ts';

const CITIES = 'select * from cities order by city';

test('results are the same rows in every format', async () => {
  const { database, acme, source, run, get, basic, runsOf } = await openAcme();
  const report = await makeReport(database, acme, source, [
    `select city, people, '=1+1' as "a ""b""" from (${CITIES})`,
  ]);
  const { token } = await run(report);
  const of = (format: string, query = '') =>
    get(`${runsOf(report)}/${token}/results/content.${format}${query}`, basic);
  const csv = await of('csv');
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.headers['content-disposition']).toBe(
    `attachment; filename="Cities ${token}.csv"; filename*=UTF-8''Cities%20${token}.csv`,
  );
  expect(csv.body).toBe('city,people,"a ""b"""\r\nBonn,336,=1+1\r\nUlm,128,=1+1\r\n');
  expect((await of('csv', '?safe=true')).body).toBe(
    `\ufeff${csv.body.replaceAll('=1+1', "'=1+1")}`,
  );
  expect((await of('csv', '?safe=maybe')).statusCode).toBe(400);
  const rows = [
    { city: 'Bonn', people: 336, 'a "b"': '=1+1' },
    { city: 'Ulm', people: 128, 'a "b"': '=1+1' },
  ];
  const json = await of('json');
  expect(json.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(json.json()).toEqual(rows);
  const lines = (await of('ndjson')).body.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows);

  const parquet = await of('parquet');
  const file = join(temporaryFolder(), 'result.parquet');
  writeFileSync(file, parquet.rawPayload);
  const connection = await (await DuckDBInstance.create()).connect();
  const read = await connection.runAndReadAll(`select city, people from '${file}'`);
  expect(read.getRowsJson()).toEqual([
    ['Bonn', '336'],
    ['Ulm', '128'],
  ]);
  connection.closeSync();
});

test('results whose first row is too long for the preview are shown cut, and downloaded whole', async () => {
  const { database, acme, source, run, get, basic, runsOf } = await openAcme();
  const report = await makeReport(database, acme, source, [
    "select repeat('x', 1000001) as long, interval '1 day' as span",
  ]);
  const { token, _links: links } = await run(report);
  const path = `${runsOf(report)}/${token}/results`;
  const [queryRun] = (await get(links.query_runs.href, basic)).json()._embedded.query_runs;
  const preview = (await get(`${queryRun._links.result.href}/preview.json`, basic)).json();
  const cut =
    'Cells of more than 500000 characters are truncated in the preview; downloads are complete.';
  expect(preview).toEqual({
    columns: [
      { name: 'long', type: 'VARCHAR', note: cut },
      { name: 'span', type: 'VARCHAR', note: 'INTERVAL values are kept as text.' },
    ],
    rows: [[`${'x'.repeat(500_000)}…`, '1 day']],
    row_count: 1,
    limit: false,
  });
  expect(queryRun.columns).toEqual(preview.columns);
  expect((await get(`${path}/content.csv`, basic)).body).toContain(`\n${'x'.repeat(1_000_001)},`);
});

test('results are sent in the encoding that is asked for', async () => {
  const { database, acme, source, run, send, basic } = await openAcme();
  const report = await makeReport(database, acme, source, [CITIES]);
  const { _links: links } = await run(report);
  const answer = await send({
    url: links.content.href,
    headers: { authorization: basic, 'accept-encoding': 'gzip' },
  });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(answer.rawPayload).toString()).toBe('city,people\r\nBonn,336\r\nUlm,128\r\n');
});

test('results of several queries are an archive of CSV files, and the first one’s rows otherwise', async () => {
  const { database, acme, source, run, get, basic } = await openAcme();
  const report = await makeReport(database, acme, source, [CITIES, 'select 2 as two']);
  const { _links: links } = await run(report);
  const archive = await get(links.content.href, basic);
  expect(archive.headers['content-type']).toBe('application/zip');
  expect(await unzipped(archive.rawPayload)).toEqual({
    '1 Query 1.csv': 'city,people\r\nBonn,336\r\nUlm,128\r\n',
    '2 Query 2.csv': 'two\r\n2\r\n',
  });
  const json = await get(links.content.href.replace('.csv', '.json'), basic);
  expect(json.json()).toHaveLength(2);
  const { _embedded: embedded } = (await get(links.query_runs.href, basic)).json();
  const second = await get(embedded.query_runs[1]._links.content.href, basic);
  expect(second.body).toBe('two\r\n2\r\n');
});

test('results: however many ask for them, few are made at once, and who hangs up makes room', async () => {
  const { database, acme, source, run, server, get, basic } = await openAcme();
  const report = await makeReport(database, acme, source, [
    // More than lies between a server and a client that does not read.
    "select range as n, repeat('x', 1000) as wide from range(20000)",
  ]);
  const { _links: links } = await run(report);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  /** Asks, reads nothing, and tells when the answer begins. */
  const ask = () => {
    const sent = request(`${address}${links.content.href}`, {
      headers: { authorization: basic },
    });
    const asked = { sent, answer: once(sent, 'response'), hasBegun: false };
    asked.answer.then(
      () => (asked.hasBegun = true),
      () => undefined,
    );
    sent.on('error', () => undefined).end();
    return asked;
  };
  const asked = Array.from({ length: 4 }, ask);
  await Promise.all(asked.map(({ answer }) => answer));
  const waiting = [ask(), ask(), ask()];
  const parquet = await get(links.content.href.replace('.csv', '.parquet'), basic);
  expect(parquet.statusCode).toBe(200);
  expect(waiting.map(({ hasBegun }) => hasBegun)).toEqual([false, false, false]);
  waiting[0]?.sent.destroy();
  asked[0]?.sent.destroy();
  // Which of them came first is known to the server alone.
  await Promise.race([waiting[1]?.answer, waiting[2]?.answer]);
  expect(waiting.filter(({ hasBegun }) => hasBegun)).toHaveLength(1);
  for (const { sent } of [...asked, ...waiting]) sent.destroy();
  expect((await get(links.content.href, basic)).body.split('\r\n')).toHaveLength(20_002);
});

/** The files of an archive, read by another program than ours. */
async function unzipped(archive: Buffer): Promise<Record<string, string>> {
  const file = join(temporaryFolder(), 'results.zip');
  writeFileSync(file, archive);
  const program =
    'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
    'print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))';
  return JSON.parse(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }));
}
