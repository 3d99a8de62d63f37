import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBExtractedStatements,
  type DuckDBResult,
  StatementType,
} from '@duckdb/node-api';
import type { DuckdbConnection } from '../connection.ts';
import { QueryError } from '../query-error.ts';
import type { QueryJob, QueryTable } from '../query-job.ts';
import { scratchOf } from '../scratch.ts';
import { storedType } from './column-types.ts';
import { copyRows } from './copy-result.ts';
import { distinctNames } from './distinct-names.ts';
import { bindings, identifier, literal, sealDuckdb } from './duckdb.ts';
import { duckdbFailure } from './duckdb-failure.ts';
import { DESCRIBED, type Engine } from './engine.ts';
import { type FolderTable, listFolderTables, realFolder } from './folder-tables.ts';
import { copyFirstRows, readResult } from './result-file.ts';
import { writeResult } from './write-result.ts';

/** DuckDB over a folder of files, each of them a table. */
export const duckdbEngine: Engine<DuckdbConnection> = {
  async run(job, { sandbox, writer, signal }) {
    signal.addEventListener('abort', () => {
      sandbox.interrupt();
      writer.interrupt();
    });
    const scratch = scratchOf(job.resultFile);
    const whole = join(scratch, 'whole.parquet');
    try {
      const statement = await parseOne(sandbox, job.sql);
      const tables = enterFolder(job.connection.folder);
      await sealDuckdb(
        sandbox,
        {
          files: [...tables.map(({ path }) => path), whole],
          scratch: join(scratch, 'spilled'),
          memoryBytes: job.limits.memoryBytes,
        },
        () => createViews(sandbox, job.sql, tables),
      );
      await checkReads(statement);
      const kept = await keepRows(job, { sandbox, writer, whole, scratch });
      return await readResult(writer, job.resultFile, kept);
    } catch (error) {
      throw duckdbFailure(error, job);
    }
  },

  async describe({ folder }, { sandbox }) {
    const tables = enterFolder(folder);
    let columnsLeft = DESCRIBED.columns;
    const described: QueryTable[] = [];
    for (const { name, file, reader } of tables.slice(0, DESCRIBED.tables)) {
      if (columnsLeft <= 0) break;
      const read = `DESCRIBE FROM ${reader}(${literal(file)})`;
      // A file that cannot be read is still a table, and says why once it is queried.
      const rows = await sandbox.runAndReadAll(read).then(
        (result) => result.getRows(),
        () => [],
      );
      const columns = rows
        .slice(0, columnsLeft)
        .map(([column, type]) => ({ name: String(column), type: String(type) }));
      columnsLeft -= columns.length;
      described.push({ name, columns });
    }
    return described;
  },

  async test({ folder }) {
    realFolder(folder);
  },
};

/** Makes the folder the current one, so that SQL and messages have the names of its files alone. */
function enterFolder(folder: string): (FolderTable & { path: string })[] {
  const root = realFolder(folder);
  process.chdir(root);
  return listFolderTables(root).map((table) => ({ ...table, path: join(root, table.file) }));
}

/** Makes views of the tables that the SQL names, or of all that can be read where that cannot be told. */
async function createViews(
  duckdb: DuckDBConnection,
  sql: string,
  tables: readonly FolderTable[],
): Promise<void> {
  const names = await namesIn(duckdb, sql);
  for (const { name, file, reader } of tables) {
    if (names?.has(name) === false) continue;
    try {
      const view = `CREATE VIEW ${identifier(name)} AS FROM ${reader}(${literal(file)})`;
      await duckdb.run(view);
    } catch (error) {
      if (names === undefined) continue;
      const { message } = duckdbFailure(error) as Error;
      throw new QueryError({
        code: 'sql_error',
        message: `The file ${file} cannot be read: ${message}`,
      });
    }
  }
}

/** A tree that DuckDB does not give, or in which the SQL asks which tables there are. */
const looksAtCatalog =
  /^\{"error":true|"type":"SHOW_REF"|"schema_name":"[^"]|"function_name":"(duckdb|pragma)_/;

/** The names in lower case that the SQL has where tables stand; undefined where DuckDB's parser cannot say. */
async function namesIn(duckdb: DuckDBConnection, sql: string): Promise<Set<string> | undefined> {
  const parsed = await duckdb.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = String(parsed.getRows()[0]?.[0]);
  if (looksAtCatalog.test(tree)) return undefined;
  return new Set(
    [...tree.matchAll(/"table_name":("(?:[^"\\]|\\.)*")/g)].map(([, name = '']) =>
      (JSON.parse(name) as string).toLowerCase(),
    ),
  );
}

/** @throws QueryError unless DuckDB's parser takes the text for exactly one statement. */
async function parseOne(duckdb: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  const statements = await duckdb.extractStatements(sql).catch((error) => {
    if (String(error.message).includes('Parser')) throw error;
    throw notAQuery('There is no statement in the SQL.');
  });
  if (statements.count === 1) return statements;
  throw notAQuery(
    `The SQL has ${statements.count} statements; a query has one. (A PIVOT that does not name its values with IN (…) counts as two.)`,
  );
}

/** @throws QueryError unless the statement reads. Only with its tables there does DuckDB say of which type it is. */
async function checkReads(statements: DuckDBExtractedStatements): Promise<void> {
  const { statementType } = await statements.prepare(0);
  if (statementType !== StatementType.SELECT)
    throw notAQuery(
      `The statement is of type ${StatementType[statementType]}; only one that reads runs here, such as SELECT, WITH, FROM, VALUES, DESCRIBE or SUMMARIZE.`,
    );
}

function notAQuery(message: string): QueryError {
  return new QueryError({ code: 'not_a_query', message });
}

type Places = {
  sandbox: DuckDBConnection;
  writer: DuckDBConnection;
  whole: string;
  scratch: string;
};

/** Writes the rows of the query to its file, as many as it may have. */
async function keepRows(
  job: QueryJob,
  { sandbox, writer, whole, scratch }: Places,
): Promise<{ rows: number; truncated: boolean }> {
  mkdirSync(scratch, { recursive: true });
  const { resultFile, limits } = job;
  const copied = await copyRows(sandbox, job, whole);
  if (copied === undefined) {
    const result = await sandbox.stream(job.sql, ...bindings(job.values));
    return writeResult(writer, columnsOf(result), chunksOf(result), job);
  }
  if (copied <= limits.rows) {
    renameSync(whole, resultFile);
    return { rows: copied, truncated: false };
  }
  await copyFirstRows(writer, { from: whole, to: resultFile, rows: limits.rows });
  return { rows: limits.rows, truncated: true };
}

function columnsOf(result: DuckDBResult) {
  return distinctNames(result.columnNames()).map((name, index) => {
    const type = String(result.columnType(index));
    return { name, type, stored: `${identifier(name)}::${storedType(type)}` };
  });
}

async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk())
    yield chunk;
}
