import { mkdirSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { QueryColumn, QueryJob, QueryResult } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';
import { distinctNames } from './distinct-names.ts';
import { identifier, memoryLimit } from './duckdb.ts';
import { readResult } from './result-file.ts';
import { fromText, textChunks } from './text-rows.ts';
import { writeResult } from './write-result.ts';

type Row = readonly (string | null)[];

/**
 * Writes rows of texts that come from another engine as the result, in columns of DuckDB's types.
 *
 * @param columns whose types may change until the last row has come, for `typesAtEnd`.
 */
export async function writeTextRows(
  duckdb: DuckDBConnection,
  columns: readonly QueryColumn[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  job: QueryJob,
  { typesAtEnd = false } = {},
): Promise<QueryResult> {
  mkdirSync(scratchOf(job.resultFile), { recursive: true });
  await duckdb.run(memoryLimit(job.limits.memoryBytes));
  const names = distinctNames(columns.map(({ name }) => name));
  const cast = (name: string, index: number) =>
    fromText(columns[index]?.type as string, identifier(name));
  const held = names.map((name, index) => ({
    name,
    type: 'VARCHAR',
    stored: typesAtEnd ? identifier(name) : cast(name, index),
  }));
  const finish = typesAtEnd
    ? () => names.map((name, index) => `${cast(name, index)} AS ${identifier(name)}`)
    : undefined;
  const kept = await writeResult(duckdb, held, textChunks(rows, columns.length), job, finish);
  return readResult(duckdb, job.resultFile, kept);
}
