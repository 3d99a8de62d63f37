import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { QueryProcesses } from '../data-sources/query-processes.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { findChunk } from './result-store.ts';
import type { BriefQueryRun } from './run.ts';
import { findPreview } from './run-store.ts';
import { writePreview } from './write-preview.ts';

/** The formats of results, with their media types. */
export const resultFormats = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;
export type ResultFormat = keyof typeof resultFormats;

export type ResultParts = {
  database: Store;
  queryProcesses: QueryProcesses;
  /** A folder of this process alone, where a result lies while it is converted. */
  folder: string;
  identifiers: Identifiers;
};

/** The answer where there is no result: none yet, none at all, or one that has expired. */
export function noResults(): ApiError {
  return new ApiError(
    'not_found',
    'run results not found',
    'The run may not have succeeded, or its results have expired.',
  );
}

/**
 * The result of a query in a format, as a stream that is made while it is read. Where the preview has all of it, no process
 * is needed.
 *
 * @throws ApiError not_found where there is none.
 */
export async function getResult(
  parts: ResultParts,
  organizationId: number,
  queryRun: BriefQueryRun,
  { format, safeForSpreadsheets }: { format: ResultFormat; safeForSpreadsheets: boolean },
): Promise<Readable> {
  const { database, queryProcesses } = parts;
  if (format !== 'parquet' && queryRun.result) {
    const preview = await findPreview(database, organizationId, queryRun);
    const options = { format, safeForSpreadsheets };
    const text = preview === null ? undefined : writePreview(queryRun.result, preview, options);
    if (text !== undefined) return Readable.from([Buffer.from(text)], { objectMode: false });
  }
  const first = await findChunk(database, organizationId, queryRun, 0);
  if (queryRun.state !== 'succeeded' || first === undefined) throw noResults();
  const chunks = Readable.from(chunksOf(database, organizationId, queryRun, first), {
    objectMode: false,
  });
  if (format === 'parquet') return chunks;
  const { file, remove } = await writeToDisk(parts, chunks);
  return queryProcesses.convert(file, { format, safeForSpreadsheets }).once('close', remove);
}

/**
 * The file with the result of a query, until it is removed.
 *
 * @throws ApiError not_found where there is none.
 */
export async function openResultFile(
  parts: Omit<ResultParts, 'queryProcesses'>,
  organizationId: number,
  queryRun: BriefQueryRun,
): Promise<{ file: string; remove: () => Promise<void> }> {
  const first = await findChunk(parts.database, organizationId, queryRun, 0);
  if (queryRun.state !== 'succeeded' || first === undefined) throw noResults();
  return writeToDisk(
    parts,
    Readable.from(chunksOf(parts.database, organizationId, queryRun, first)),
  );
}

/**
 * The file with the result of a query, for as long as something is made of it.
 *
 * @throws ApiError not_found where there is none.
 */
export async function withResultFile<Made>(
  parts: Omit<ResultParts, 'queryProcesses'>,
  organizationId: number,
  queryRun: BriefQueryRun,
  make: (file: string) => Promise<Made>,
): Promise<Made> {
  const { file, remove } = await openResultFile(parts, organizationId, queryRun);
  try {
    return await make(file);
  } finally {
    await remove();
  }
}

async function writeToDisk(
  { folder, identifiers }: Pick<ResultParts, 'folder' | 'identifiers'>,
  chunks: Readable,
): Promise<{ file: string; remove: () => Promise<void> }> {
  const file = join(folder, `${identifiers.token()}.parquet`);
  const remove = () => rm(file, { force: true });
  try {
    await mkdir(folder, { recursive: true }); // somebody may have taken it away
    await pipeline(chunks, createWriteStream(file));
    return { file, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The parts of a result, one after the other. */
async function* chunksOf(
  database: Store,
  organizationId: number,
  queryRun: BriefQueryRun,
  first: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let chunk: Uint8Array | undefined = first;
  for (let number = 1; chunk; number++) {
    yield chunk;
    chunk = await findChunk(database, organizationId, queryRun, number);
  }
}
