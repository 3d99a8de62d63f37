import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';

const looks = mkdtempSync(join(tmpdir(), 'rollcall-looks-'));
const runs = openQueryRuns({ spare: 0, looks });
afterAll(async () => {
  await runs.close();
  rmSync(looks, { recursive: true, force: true });
});
beforeEach(() => rmSync(looks, { recursive: true, force: true }));

const kept = () => readdirSync(looks).map((name) => join(looks, name));

test('what was found out about a file is kept until the file changes', async () => {
  runs.put({ 'prices.csv': 'id,price\n1,7\n' });
  expect((await runs.run('FROM prices')).columns[1]?.type).toBe('BIGINT');
  const [look = ''] = kept();
  const first = readFileSync(look, 'utf8');
  await runs.run('FROM prices');
  expect(readFileSync(look, 'utf8')).toBe(first);
  appendFileSync(join(runs.data, 'prices.csv'), '2,0.99\n');
  expect((await runs.run('FROM prices')).cells).toEqual([
    [1, 7],
    [2, 0.99],
  ]);
  expect(readFileSync(look, 'utf8')).not.toBe(first);
});

test('a look that is damaged, or cannot be kept, is taken again', async () => {
  runs.put({ 'prices.csv': 'price\n0.5\n' });
  await runs.run('FROM prices');
  const [look = ''] = kept();
  const whole = readFileSync(look, 'utf8');
  writeFileSync(look, whole.replace('DECIMAL(18,1)', 'BIGINT'));
  expect((await runs.run('FROM prices')).cells).toEqual([[0.5]]);
  expect(readFileSync(look, 'utf8')).toBe(whole);
  rmSync(looks, { recursive: true });
  writeFileSync(looks, 'no folder');
  expect((await runs.run('FROM prices')).cells).toEqual([[0.5]]);
});

test('looks of files that are gone are forgotten when the tables are listed', async () => {
  runs.put({ 'here.csv': 'a\n1\n', 'gone.csv': 'a\n1\n' });
  await runs.run('FROM here, gone');
  expect(kept()).toHaveLength(2);
  rmSync(join(runs.data, 'gone.csv'));
  await runs.describe({ adapter: 'duckdb', folder: runs.data });
  expect(kept().some((file) => readFileSync(file, 'utf8').includes('gone.csv'))).toBe(false);
});

test('a file that changes while a query reads it fails the query', async () => {
  runs.put({ 'growing.csv': 'a\n1\n' });
  const running = failureOf(runs.run('SELECT count(*) FROM growing'));
  const timer = setInterval(() => appendFileSync(join(runs.data, 'growing.csv'), '2\n'), 1);
  const { message } = await running.finally(() => clearInterval(timer));
  expect(message).toBe(
    'The file growing.csv changed while the query read it. Run the query again.',
  );
});

test('a file is the same table by its own name', async () => {
  runs.put({ 'Late Values.csv': `n\n${'7\n'.repeat(25_000)}0.5\n` });
  const sql = "SELECT (SELECT sum(n) FROM late_values), (SELECT sum(n) FROM 'Late Values.csv')";
  expect((await runs.run(sql)).cells).toEqual([[175_000.5, 175_000.5]]);
});

test('a small file of very many columns takes no more memory than a query has', async () => {
  const row = (cell: (column: number) => unknown) =>
    `${Array.from({ length: 1_500 }, (_, index) => cell(index)).join(',')}\n`;
  runs.put({ 'wide.csv': row((column) => `c${column}`) + row((column) => column % 7).repeat(20) });
  const sql = 'SELECT count(*), sum(c0), sum(c1499), max(c1) FROM wide';
  expect((await runs.run(sql)).cells).toEqual([[20, 0, 20 * (1499 % 7), 1]]);
});

test('only the files that a query names are read', async () => {
  mkdirSync(join(runs.data, 'none'), { recursive: true });
  runs.put({ 'named.csv': 'a\n1\n', 'other.csv': 'a\n1\n' });
  await runs.run('FROM named');
  await runs.run('SHOW TABLES');
  expect(kept()).toHaveLength(1);
});
