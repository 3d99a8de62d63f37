import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResultFormat } from '../../src/data-sources/query-job.ts';
import { writePreview } from '../../src/runs/write-preview.ts';
import { queryPrograms } from '../support/query-programs.ts';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';
import { waitFor } from '../support/wait-for.ts';

const runs = openQueryRuns({ spare: 0 });
const rowsOfAll = `FROM (VALUES
  (1, 'plain', 9007199254740993, TIMESTAMP '2024-01-01 08:00:00', -1.5),
  (2, 'with "quotes", commas' || chr(10) || 'and lines', NULL, NULL, NULL),
  (3, '', 0, NULL, 0)) AS t("=id", note, big, moment, amount)`;
let file: string;

beforeAll(async () => {
  ({ file } = await runs.run(rowsOfAll));
});
afterAll(() => runs.close());

/** As bytes first: what reads texts may leave out a byte order mark. */
const convert = async (of: string, format: ResultFormat, safeForSpreadsheets = false) =>
  (await buffer(runs.processes.convert(of, { format, safeForSpreadsheets }))).toString();

test('CSV is as RFC 4180 has it', async () => {
  expect(await convert(file, 'csv')).toBe(
    [
      '=id,note,big,moment,amount',
      '1,plain,9007199254740993,2024-01-01 08:00:00,-1.5',
      '2,"with ""quotes"", commas\nand lines",,,',
      '3,"",0,,0.0',
      '',
    ].join('\r\n'),
  );
});

test('JSON is one array of objects, NDJSON an object a line', async () => {
  const rows = [
    {
      '=id': 1,
      note: 'plain',
      big: '9007199254740993',
      moment: '2024-01-01T08:00:00',
      amount: -1.5,
    },
    { '=id': 2, note: 'with "quotes", commas\nand lines', big: null, moment: null, amount: null },
    { '=id': 3, note: '', big: 0, moment: null, amount: 0 },
  ];
  expect(JSON.parse(await convert(file, 'json'))).toEqual(rows);
  const lines = (await convert(file, 'ndjson')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
});

test('a result without rows has its columns in CSV, and is an empty array', async () => {
  const empty = await runs.run('SELECT 1 AS a, 2 AS b WHERE false');
  expect(await convert(empty.file, 'csv')).toBe('a,b\r\n');
  expect(JSON.parse(await convert(empty.file, 'json'))).toEqual([]);
  expect(await convert(empty.file, 'ndjson')).toBe('');
});

test('no cell is a formula where a spreadsheet reads it, and numbers stay numbers', async () => {
  const starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
  const cells = [...starts.map((start) => `${start}1`), "'=1", 'a=1', ''];
  const places = cells.map((_, index) => `($${index + 1}::VARCHAR, -${index})`);
  const formulas = await runs.run(
    `FROM (VALUES ${places.join(', ')}, (chr(0) || '1', 0)) t("-a", n)`,
    {
      values: cells,
    },
  );
  const csv = await convert(formulas.file, 'csv', true);
  const texts = readCsv(csv).map(([first]) => first);
  expect(texts).toEqual([
    "\ufeff'-a",
    ...starts.map((start) => `'${start}1`),
    "'=1",
    'a=1',
    '',
    "'\u00001",
  ]);
  expect(readCsv(csv).map((row) => row[1])).toContain('-3');
  const raw = readCsv(await convert(formulas.file, 'csv'));
  expect(raw.map(([first]) => first).slice(0, 2)).toEqual(['-a', '=1']);
});

test('no cell of another type is one either', async () => {
  const { file: others } = await runs.run(
    "SELECT '=1+1'::BLOB AS a, '\"=1\"'::JSON AS b, '=1'::ENUM ('=1') AS c, -1.5 AS d, -INTERVAL '1 day' AS e",
  );
  const [, row] = readCsv(await convert(others, 'csv', true));
  expect(row).toEqual(["'=1+1", '"=1"', "'=1", '-1.5', "'-1 day"]);
});

/** The file of a result that is more than lies between a process and its reader. */
async function makeLongResult(): Promise<string> {
  const sql = 'SELECT i, md5(i::VARCHAR) AS digest FROM range(400000) r(i)';
  return (await runs.run(sql, { limits: { rows: 400_000, bytes: 64 * 1024 * 1024 } })).file;
}
let longResult: Promise<string> | undefined;
const getLongResult = () => (longResult ??= makeLongResult());

test('a reader that goes away ends the process', async () => {
  const long = await getLongResult();
  const stream = runs.processes.convert(long, { format: 'csv' });
  await new Promise((resolve) => stream.once('data', resolve));
  const working = queryPrograms().map(({ pid }) => pid);
  stream.destroy();
  const left = () => queryPrograms().filter(({ pid }) => working.includes(pid));
  expect(working).toHaveLength(1);
  await waitFor(() => expect(left()).toEqual([]));
});

test('a slow reader holds the process back', async () => {
  const stream = runs.processes.convert(await getLongResult(), { format: 'ndjson' });
  await new Promise((resolve) => stream.once('readable', resolve));
  await sleep(500);
  const held = stream.readableLength;
  expect(held).toBeLessThan(1024 * 1024);
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(20 * 1024 * 1024);
});

test('what is no result is an error of the stream', async () => {
  const failure = await failureOf(convert('/nowhere/result.parquet', 'csv'));
  expect(failure.code).toBe('sql_error');
  expect(failure.message).not.toContain('nowhere');
});

/** Cells of CSV, by the rules of RFC 4180. */
function readCsv(csv: string): string[][] {
  return csv
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .slice(0, -1)
    .map((line) =>
      line
        .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map((cell) => cell.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')),
    );
}

test('a small result needs no process: what is made of its preview is the same, byte for byte', async () => {
  const result = await runs.run(`
    SELECT i::INTEGER AS i, 'a' || chr(i::INT) || '"b' AS text, (i % 2 = 0) AS "even, or not", i * 9007199254740993 AS big,
      DATE '2024-01-01' + i::INT AS day, TIME '01:02:03' AS moment, uuid() AS "=id",
      CASE i % 6 WHEN 0 THEN '' WHEN 1 THEN NULL WHEN 2 THEN '=1+1' WHEN 3 THEN ' x ' WHEN 4 THEN 'é,数' ELSE '-' END AS note
    FROM range(1, 300) r(i)`);
  const about = { columns: result.columns, rows: result.rows };
  for (const format of ['csv', 'json', 'ndjson'] as const) {
    for (const safeForSpreadsheets of [false, true]) {
      const made = writePreview(about, result.preview, { format, safeForSpreadsheets });
      expect(made).toBe(await convert(result.file, format, safeForSpreadsheets));
    }
  }
});

test('numbers, lists and objects are as the process writes them in JSON', async () => {
  const result = await runs.run(`
    SELECT 1e20::DOUBLE AS d, 1.0::DOUBLE AS one, 1.50::DECIMAL(4, 2) AS dec, 'nan'::DOUBLE AS nan, [1, NULL, 3] AS list,
      {'a': '],[', 'b': [{'c': 1}]} AS object, TIMESTAMP '2024-01-01 08:00:00' AS moment, '[1, {"x": "]"}]'::JSON AS j,
      MAP {'k': '"'} AS map, [] AS none, {'a': NULL} AS nothing FROM range(3)`);
  const about = { columns: result.columns, rows: result.rows };
  for (const format of ['json', 'ndjson'] as const) {
    const made = writePreview(about, result.preview, { format, safeForSpreadsheets: false });
    expect(made).toBe(await convert(result.file, format));
  }
  const options = { format: 'csv', safeForSpreadsheets: false } as const;
  expect(writePreview(about, result.preview, options)).toBeUndefined();
});

test('what a preview cannot tell takes a process', async () => {
  const many = await runs.run('SELECT i FROM range(1001) r(i)');
  const options = { format: 'json', safeForSpreadsheets: false } as const;
  expect(writePreview(many, many.preview, options)).toBeUndefined();
  const long = await runs.run("SELECT repeat('x', 300000) AS x");
  expect(writePreview(long, long.preview, options)).toBeUndefined();
  const empty = await runs.run('SELECT 1 AS a, 2 AS b WHERE false');
  expect(writePreview(empty, empty.preview, options)).toBe(await convert(empty.file, 'json'));
});
