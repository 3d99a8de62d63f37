import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBPreparedStatement,
  DuckDBResult,
} from '@duckdb/node-api';
import type { QueryJob } from '../../query-job.ts';
import { storedType, typeName, type Wide } from '../../results/column-types.ts';
import { copyRows } from '../../results/copy-result.ts';
import { distinctNames } from '../../results/distinct-names.ts';
import { bindings, identifier, lockDuckdb, shutDuckdb } from '../../results/duckdb.ts';
import { duckdbFailure } from '../../results/duckdb-failure.ts';
import { copyFirstRows, readResult } from '../../results/result-file.ts';
import { type KeptOfTypes, narrowWide, notedTypes } from '../../results/wide-numbers.ts';
import { writeResult } from '../../results/write-result.ts';
import { scratchOf } from '../../scratch.ts';
import { DESCRIBED, type Engine } from '../engine.ts';
import type { DuckdbConnection } from './connection-fields.ts';
import { describeTables } from './describe-tables.ts';
import { realFolder } from './folder-tables.ts';
import { createViews, enterFolder, pathsOf, requireUnchanged } from './folder-views.ts';
import { parseOne, prepareToRead } from './one-statement.ts';
import { KeptLooks } from './text-files/kept-looks.ts';

/** DuckDB over a folder of files, each of them a table. */
export const duckdbEngine: Engine<DuckdbConnection> = {
  async run(job, { sandbox, writer, signal, looks, onLooking }) {
    signal.addEventListener('abort', () => {
      sandbox.interrupt();
      writer.interrupt();
    });
    const scratch = scratchOf(job.resultFile);
    const whole = join(scratch, 'whole.parquet');
    try {
      const parsed = await parseOne(sandbox, job.sql);
      const tables = enterFolder(job.connection.folder);
      const places = { scratch, looks: new KeptLooks(looks) };
      await shutDuckdb(sandbox, {
        files: [...pathsOf(tables, places), whole],
        scratch: join(scratch, 'spilled'),
        memoryBytes: job.limits.memoryBytes,
      });
      onLooking(true);
      const read = await createViews(sandbox, job.sql, tables, places);
      onLooking(false);
      await lockDuckdb(sandbox);
      const statement = await prepareToRead(parsed);
      const readBytes = read.reduce((sum, { path }) => sum + statSync(path).size, 0);
      const isBounded = readBytes <= job.limits.bytes;
      const query = { statement, isBounded, sandbox, writer, whole, scratch };
      // A whole number of 39 digits is rare, and is found out at the end.
      const kept = await keepRows(job, query, 'DECIMAL(38,0)').catch(async (error) => {
        if (!/ to (type )?DECIMAL\(38,0\)/.test(error.message)) throw error;
        return narrowWide(writer, job.resultFile, await keepRows(job, query, 'VARCHAR'));
      });
      requireUnchanged(read);
      return await readResult(writer, job.resultFile, kept);
    } catch (error) {
      throw duckdbFailure(error, job);
    }
  },

  async describe({ folder }, { sandbox, scratch, looks }) {
    const tables = enterFolder(folder);
    const places = { scratch, looks: new KeptLooks(looks) };
    places.looks.sweep(
      realFolder(folder),
      tables.map(({ path }) => path),
    );
    return describeTables(sandbox, tables.slice(0, DESCRIBED.tables), places);
  },

  async test({ folder }) {
    realFolder(folder);
  },
};

type Query = {
  statement: DuckDBPreparedStatement;
  isBounded: boolean;
  sandbox: DuckDBConnection;
  writer: DuckDBConnection;
  whole: string;
  scratch: string;
};

/** Writes the rows of the query to its file, as many as it may have. */
async function keepRows(
  job: QueryJob,
  { statement, isBounded, sandbox, writer, whole, scratch }: Query,
  wide: Wide,
): Promise<KeptOfTypes> {
  mkdirSync(scratch, { recursive: true });
  const { resultFile, limits } = job;
  const copied = await copyRows(sandbox, statement, job, { file: whole, isBounded, wide });
  if (copied === undefined) {
    statement.bind(...bindings(job.values));
    const result = await statement.stream();
    const kept = await writeResult(writer, columnsOf(result, wide), chunksOf(result), job);
    return { ...kept, ...notedTypes(result.columnTypes(), wide) };
  }
  const { rows, columns } = copied;
  const noted = notedTypes(
    columns.map(({ type }) => type),
    wide,
  );
  if (rows <= limits.rows) {
    renameSync(whole, resultFile);
    return { rows, ...noted, truncated: false };
  }
  await copyFirstRows(writer, { from: whole, to: resultFile, rows: limits.rows });
  return { rows: limits.rows, ...noted, truncated: true };
}

function columnsOf(result: DuckDBResult, wide: Wide) {
  return distinctNames(result.columnNames()).map((name, index) => {
    const type = result.columnType(index);
    const stored = `${identifier(name)}::${storedType(type, wide)}`;
    return { name, type: typeName(type), stored };
  });
}

async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk())
    yield chunk;
}
