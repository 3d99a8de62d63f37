import { availableParallelism } from 'node:os';
import { BIGINT, type DuckDBConnection, DuckDBInstance, type DuckDBType } from '@duckdb/node-api';
import type { QueryValue } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';

const MOST_THREADS = 4;

/** An empty DuckDB in memory, which loads no code but its own and tells where in the SQL an error is. */
export async function openDuckdb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    threads: String(Math.min(MOST_THREADS, availableParallelism())),
    errors_as_json: 'true',
  });
  const duckdb = await instance.connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  return duckdb;
}

/**
 * Shuts everything but `files`, which may be read and written, and `scratch`, where it puts what does not fit in
 * memory.
 */
export async function shutDuckdb(
  duckdb: DuckDBConnection,
  { files, scratch, memoryBytes }: { files: string[]; scratch: string; memoryBytes: number },
): Promise<void> {
  await duckdb.run(`
    ${memoryLimit(memoryBytes)};
    SET temp_directory = ${literal(scratch)};
    SET max_temp_directory_size = '${memoryBytes}B';
    SET allowed_paths = [${files.map(literal).join(', ')}];
    SET enable_external_access = false;
  `);
}

/** After this no SQL changes what is set. */
export async function lockDuckdb(duckdb: DuckDBConnection): Promise<void> {
  await duckdb.run('SET lock_configuration = true');
}

/** DuckDB's own count leaves out much of what it takes: the process as a whole is held to the double of it. */
export function memoryLimit(processBytes: number): string {
  return `SET memory_limit = '${Math.floor(processBytes / 2)}B'`;
}

/** Holds what reads a result to so much memory, and as much disk beside its file. */
export async function limitReading(
  duckdb: DuckDBConnection,
  parquetFile: string,
  memoryBytes: number,
): Promise<void> {
  await duckdb.run(`
    ${memoryLimit(memoryBytes)};
    SET temp_directory = ${literal(scratchOf(parquetFile))};
    SET max_temp_directory_size = '${memoryBytes}B'`);
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What is bound for values: whole numbers stay whole, whatever their size. */
export function bindings(values: readonly QueryValue[]): [QueryValue[] | bigint[], DuckDBType[]] {
  const isLong = (value: QueryValue) =>
    Number.isSafeInteger(value) && Math.abs(value as number) > 2 ** 31 - 1;
  return [
    values.map((value) => (isLong(value) ? BigInt(value as number) : value)) as QueryValue[],
    values.map((value) => (isLong(value) ? BIGINT : undefined)) as DuckDBType[],
  ];
}
