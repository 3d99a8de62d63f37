import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../charts/picture.ts';
import { jsonCell, typedColumns } from './column-types.ts';

/** The rows of a table or a query as cells, with all digits of numbers. */
export async function readCells(
  duckdb: DuckDBConnection,
  from: string,
  names: readonly string[],
  order = '',
): Promise<Cell[][]> {
  const cells = await cellsOf(duckdb, from, names);
  const read = await duckdb.runAndReadAll(
    `SELECT ${cells.map((cell) => `(${cell})::VARCHAR`).join(', ')} ${from} ${order}`,
  );
  return read
    .getRows()
    .map((row) => row.map((cell) => (cell === null ? null : JSON.parse(String(cell)))));
}

/** SQL that gives columns as they stand in JSON. */
export async function cellsOf(
  duckdb: DuckDBConnection,
  from: string,
  names: readonly string[],
): Promise<string[]> {
  const prepared = await duckdb.prepare(`SELECT ${names.join(', ')} ${from} LIMIT 0`);
  return typedColumns(prepared).map(({ type }, index) => jsonCell(type, names[index] as string));
}
