import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../../query-error.ts';
import { identifier, literal } from '../../results/duckdb.ts';
import { duckdbFailure } from '../../results/duckdb-failure.ts';
import { type FolderTable, listFolderTables, realFolder } from './folder-tables.ts';
import { identityOf, type KeptLooks } from './text-files/kept-looks.ts';
import { type Look, lookAt, rowsOf } from './text-files/look.ts';
import type { TextFile } from './text-files/look-at-csv.ts';

/** A table with the full path of its file. */
export type PlacedTable = FolderTable & { path: string };

/** Makes the folder the current one, so that SQL and messages have the names of its files alone. */
export function enterFolder(folder: string): PlacedTable[] {
  const root = realFolder(folder);
  process.chdir(root);
  return listFolderTables(root).map((table) => ({ ...table, path: join(root, table.file) }));
}

/** Where files of a folder are read that DuckDB cannot read where they are. */
export type Places = {
  /** A folder for this query alone. */
  scratch: string;
  looks: KeptLooks;
};

/** What DuckDB has to be allowed to read for the tables. */
export function pathsOf(tables: readonly PlacedTable[], { scratch }: Places): string[] {
  return tables.flatMap((table) => {
    const { path, copy } = placesOf(table, scratch);
    return path === table.file ? [table.path, copy] : [table.path, path, copy];
  });
}

/** A table that is ready for the query, and as which its file was known when it was made. */
export type ReadyTable = PlacedTable & { identity: string };

/**
 * Makes views of the tables that the SQL names, or of all that can be read where that cannot be told. Of an Arrow file
 * it makes a table, whose rows are read where the SQL has its name anywhere. A file that is named as such is the same table.
 */
export async function createViews(
  duckdb: DuckDBConnection,
  sql: string,
  tables: readonly PlacedTable[],
  places: Places,
): Promise<ReadyTable[]> {
  const names = await namesIn(duckdb, sql);
  const text = sql.toLowerCase();
  const made: ReadyTable[] = [];
  for (const table of tables) {
    const { name, file } = table;
    const isNamed = names?.has(name) ?? text.includes(name);
    const isFileNamed = names?.has(file.toLowerCase()) ?? text.includes(file.toLowerCase());
    if (names !== undefined && !isNamed && !isFileNamed) continue;
    try {
      const identity = identityOf(table.path);
      await createTable(duckdb, table, places, { isNamed: isNamed || isFileNamed });
      if (isFileNamed) await createView(duckdb, file, `FROM ${identifier(name)}`);
      made.push({ ...table, identity });
    } catch (error) {
      if (names === undefined) continue;
      throw failureOf(error as NodeJS.ErrnoException, file);
    }
  }
  return made;
}

/** The disk that a copy is written to is not the file's fault, and is told by the first word. */
const OF_DISK = /^(ENOSPC|EDQUOT|EFBIG|EROFS|EMFILE|ENFILE)$/;

function failureOf(error: NodeJS.ErrnoException, file: string): QueryError {
  if (OF_DISK.test(error.code ?? ''))
    return new QueryError({ code: 'sql_error', message: error.message });
  const ofSystem = error.syscall !== undefined;
  const { code = 'sql_error', message } = ofSystem
    ? { message: error.message }
    : (duckdbFailure(error) as QueryError);
  return new QueryError({ code, message: `The file ${file} cannot be read: ${message}` });
}

/** @throws QueryError where a file was written to while the query read it. */
export function requireUnchanged(tables: readonly ReadyTable[]): void {
  for (const { file, path, identity } of tables) {
    if (identityOf(path) === identity) continue;
    throw new QueryError({
      code: 'sql_error',
      message: `The file ${file} changed while the query read it. Run the query again.`,
    });
  }
}

async function createTable(
  duckdb: DuckDBConnection,
  table: PlacedTable,
  places: Places,
  { isNamed }: { isNamed: boolean },
): Promise<void> {
  const { name, reader } = table;
  const place = () => placeOf(table, places.scratch);
  if (reader === 'arrow') {
    const { createArrowTable } = await import('./arrow-tables.ts');
    await createArrowTable(duckdb, table, { withRows: isNamed });
  } else if (reader === 'read_parquet') {
    await createView(duckdb, name, `FROM read_parquet(${literal(place().path)})`);
  } else {
    // Nothing reads the rows of one that is not named: it only has columns.
    const look = await findLook(duckdb, table, places, { isQuick: !isNamed });
    await createView(duckdb, name, await rowsOf(place(), look));
  }
}

async function createView(duckdb: DuckDBConnection, name: string, rows: string): Promise<void> {
  await duckdb.run(`CREATE VIEW ${identifier(name)} AS ${rows}`);
}

/** What is known of a text file, for which it is read if that is not known yet. */
export async function findLook(
  duckdb: DuckDBConnection,
  table: PlacedTable,
  { scratch, looks }: Places,
  { isQuick = false }: { isQuick?: boolean } = {},
): Promise<Look> {
  const identity = identityOf(table.path);
  const known = looks.find(table.path, identity);
  if (known) return known;
  const look = await lookAt(duckdb, placeOf(table, scratch), { isQuick });
  if (!isQuick && identityOf(table.path) === identity) looks.keep(table.path, identity, look);
  return look;
}

/** Where the file is read, which is made where it is not the file itself. */
function placeOf(table: PlacedTable, scratch: string): TextFile {
  const { path, copy } = placesOf(table, scratch);
  if (path !== table.file && statSync(path, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(join(scratch, 'files'), { recursive: true });
    symlinkSync(table.path, path);
  }
  const { file, reader } = table;
  return { file, path, copy, reader, sizeBytes: statSync(table.path).size };
}

/** DuckDB takes a name with these characters for a pattern of names: such a file is read by a link that has another. */
function placesOf({ file, name }: PlacedTable, scratch: string) {
  const ending = /(\.[a-z]+)(\.\w+)?$/i.exec(file)?.[0] ?? '';
  return {
    path: /[*?[\]]/.test(file) ? join(scratch, 'files', `${name}${ending}`) : file,
    copy: join(scratch, 'files', `${name}.txt`),
  };
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
