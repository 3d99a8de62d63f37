import { mkdirSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../query-error.ts';
import type { QueryJob, QueryResult } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';
import { distinctNames } from './distinct-names.ts';
import { identifier, memoryLimit } from './duckdb.ts';
import { readResult } from './result-file.ts';
import type { SeenType } from './seen-types.ts';
import { fromText, textChunks } from './text-rows.ts';
import { writeResult } from './write-result.ts';

type Row = readonly (string | null)[];

/** A column of texts, and the type that they are read as: known before, or once all of them were seen. */
export type TextColumn = { name: string; type: string | SeenType; note?: string | undefined };

/**
 * Writes rows of texts that come from another engine as the result, in columns of DuckDB's types.
 *
 * @throws QueryError where the rows have no columns, as those of `SELECT` alone.
 */
export async function writeTextRows(
  duckdb: DuckDBConnection,
  columns: readonly TextColumn[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  job: QueryJob,
): Promise<QueryResult> {
  if (columns.length === 0) {
    const message = 'The query returns no columns. Select at least one.';
    throw new QueryError({ code: 'not_a_query', message });
  }
  mkdirSync(scratchOf(job.resultFile), { recursive: true });
  await duckdb.run(memoryLimit(job.limits.memoryBytes));
  const names = distinctNames(columns.map(({ name }) => name));
  const held = columns.map(({ type }, index) => {
    const name = names[index] as string;
    const column = identifier(name);
    return {
      name,
      type: 'VARCHAR',
      stored: typeof type === 'string' ? fromText(type, column) : column,
    };
  });
  const finish = () =>
    columns.map(({ type }, index) => {
      const column = identifier(names[index] as string);
      return typeof type === 'string' ? column : `${fromText(type.type, column)} AS ${column}`;
    });
  const seen = columns.flatMap(({ type }, index) =>
    typeof type === 'string' ? [] : [{ type, index }],
  );
  const chunks = textChunks(seen.length > 0 ? seeing(rows, seen) : rows, columns.length);
  const kept = await writeResult(duckdb, held, chunks, job, finish);
  const notes = columns.map(({ type, note }) => (typeof type === 'string' ? note : type.note));
  return readResult(duckdb, job.resultFile, { ...kept, notes });
}

async function* seeing(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: readonly { type: SeenType; index: number }[],
): AsyncGenerator<Row> {
  for await (const row of rows) {
    for (const { type, index } of columns) {
      const text = row[index];
      if (text !== null && text !== undefined) type.see(text);
    }
    yield row;
  }
}
