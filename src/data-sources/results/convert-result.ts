import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BYTE_ORDER_MARK, formulaStarts } from '../for-spreadsheets.ts';
import type { Order } from '../query-job.ts';
import { jsonCell, type TypedColumn, typeName } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';
import { readColumns } from './result-file.ts';

type Conversion = Extract<Order, { action: 'convert' }>;

/** Writes a result's rows in a format to the standard output. */
export async function convertResult(duckdb: DuckDBConnection, order: Conversion): Promise<void> {
  const columns = await readColumns(duckdb, order.parquetFile);
  const cells = columns.map((column) => cellOf(column, order)).join(', ');
  const options = {
    csv: "FORMAT csv, HEADER, NEW_LINE '\\r\\n'",
    json: 'FORMAT json, ARRAY true',
    ndjson: 'FORMAT json',
  }[order.format];
  const from = `read_parquet(${literal(order.parquetFile)})`;
  const isForSpreadsheets = order.format === 'csv' && order.safeForSpreadsheets;
  const start = isForSpreadsheets ? BYTE_ORDER_MARK : '';
  await throughPipe(dirname(order.parquetFile), start, (pipe) =>
    duckdb.run(
      `COPY (SELECT ${cells} FROM ${from}) TO ${literal(pipe)} (${options}, USE_TMP_FILE false)`,
    ),
  );
}

const formulaStartSql = formulaStarts.map((start) => `chr(${start.codePointAt(0)})`).join(', ');

function cellOf({ name, type }: TypedColumn, { format, safeForSpreadsheets }: Conversion): string {
  const column = identifier(name);
  if (format !== 'csv') return `${jsonCell(type, column)} AS ${column}`;
  if (!safeForSpreadsheets) return column;
  const header = identifier(formulaStarts.includes(name.charAt(0)) ? `'${name}` : name);
  if (NEVER_TEXT.test(typeName(type))) return `${column} AS ${header}`;
  const text = `${column}::VARCHAR`;
  return `CASE WHEN left(${text}, 1) IN (${formulaStartSql}) THEN '''' || ${text} ELSE ${text} END AS ${header}`;
}

/** Types whose values a spreadsheet takes for nothing else, though a `-` may stand before them. */
const NEVER_TEXT =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*|DATE|TIME.*|UUID)$/;

/**
 * DuckDB writes to what has a name. The standard output has none, for it is a socket: so DuckDB writes to a named
 * pipe, and `cat` carries on from there; whoever reads slowly or goes away is felt through both.
 */
async function throughPipe(
  beside: string,
  start: string,
  write: (path: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(beside, 'pipe-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const [held, read] = [openSync(path, constants.O_RDWR), openSync(path, constants.O_RDONLY)];
  rmSync(folder, { recursive: true });
  const cat = spawn('cat', { stdio: [read, 'inherit', 'inherit'] });
  closeSync(read);
  const ended = once(cat, 'close');
  if (start !== '') writeSync(held, start);
  await write(`/dev/fd/${held}`);
  closeSync(held);
  await ended;
}
