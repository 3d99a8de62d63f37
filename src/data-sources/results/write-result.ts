import { statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { QueryJob, QueryLimits } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';
import { literal } from './duckdb.ts';
import { PartTable, type ResultPart, type RowColumn } from './part-table.ts';
import { PARQUET } from './result-file.ts';

/** Nobody knows how large the rows are: the first part has few. */
const FIRST_PART_ROWS = 2_048;
const MOST_PART_ROWS = 122_880;

/**
 * Writes chunks of rows to the result's file, as they come, until it has all of them or as many as it may. Only a part
 * of them is ever in memory.
 *
 * @param finish SQL for each column, where only the last row tells what is made of it.
 */
export async function writeResult(
  duckdb: DuckDBConnection,
  columns: readonly RowColumn[],
  chunks: AsyncIterable<DuckDBDataChunk>,
  { resultFile, limits }: Pick<QueryJob, 'resultFile' | 'limits'>,
  finish?: () => string[],
): Promise<{ rows: number; truncated: boolean }> {
  const table = await PartTable.create(duckdb, columns, scratchOf(resultFile));
  const parts: ResultPart[] = [];
  let truncated = false;
  for await (const chunk of chunks) {
    const room = limits.rows - sum(parts, 'rows') - table.rows;
    truncated = chunk.rowCount > room;
    if (truncated) chunk.rowCount = room;
    if (room > 0) table.append(chunk);
    if (truncated) break;
    if (table.rows < nextPartRows(parts, limits) && !(await table.isLarge())) continue;
    parts.push(await table.write());
    if (sum(parts, 'bytes') > limits.bytes) break;
  }
  if (table.rows > 0 || parts.length === 0) parts.push(await table.write());
  const rows = await joinParts(duckdb, parts, finish?.() ?? ['*'], { resultFile, limits });
  return { rows, truncated: truncated || rows < sum(parts, 'rows') };
}

/** Parts grow as long as eight of them would still fit, so that little is lost with the one that does not. */
function nextPartRows(parts: readonly ResultPart[], { bytes }: QueryLimits): number {
  const last = parts.at(-1);
  if (last === undefined) return FIRST_PART_ROWS;
  return Math.min(2 * last.rows, (last.rows * bytes) / 8 / last.bytes, MOST_PART_ROWS);
}

/** Makes one file of as many parts as fit, and says how many rows it has. */
async function joinParts(
  duckdb: DuckDBConnection,
  parts: readonly ResultPart[],
  columns: string[],
  { resultFile, limits: { bytes } }: Pick<QueryJob, 'resultFile' | 'limits'>,
): Promise<number> {
  for (let count = parts.length; ; count--) {
    const kept = parts.slice(0, count);
    if (count > 0 && sum(kept, 'bytes') > bytes) continue;
    const rows = sum(kept, 'rows');
    const files = parts.slice(0, Math.max(count, 1)).map((part) => literal(part.file)); // for their columns
    await duckdb.run(
      `COPY (SELECT ${columns.join(', ')} FROM read_parquet([${files.join(', ')}]) LIMIT ${rows}) TO ${literal(resultFile)} ${PARQUET}`,
    );
    if (count === 0 || statSync(resultFile).size <= bytes) return rows;
  }
}

function sum(parts: readonly ResultPart[], field: 'rows' | 'bytes'): number {
  return parts.reduce((total, part) => total + part[field], 0);
}
