import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../../query-error.ts';
import { identifier, literal } from '../../results/duckdb.ts';
import { duckdbFailure } from '../../results/duckdb-failure.ts';
import { type FolderTable, listFolderTables, realFolder } from './folder-tables.ts';

/** A table with the full path of its file. */
export type PlacedTable = FolderTable & { path: string };

/** Makes the folder the current one, so that SQL and messages have the names of its files alone. */
export function enterFolder(folder: string): PlacedTable[] {
  const root = realFolder(folder);
  process.chdir(root);
  return listFolderTables(root).map((table) => ({ ...table, path: join(root, table.file) }));
}

/**
 * Makes views of the tables that the SQL names, or of all that can be read where that cannot be told. Of an Arrow file
 * it makes a table, whose rows are read where the SQL has its name anywhere.
 */
export async function createViews(
  duckdb: DuckDBConnection,
  sql: string,
  tables: readonly PlacedTable[],
): Promise<PlacedTable[]> {
  const names = await namesIn(duckdb, sql);
  const made: PlacedTable[] = [];
  for (const table of tables) {
    const { name, file, reader } = table;
    if (names?.has(name) === false) continue;
    try {
      if (reader === 'arrow') {
        const { createArrowTable } = await import('./arrow-tables.ts');
        await createArrowTable(duckdb, table, { withRows: sql.toLowerCase().includes(name) });
      } else {
        await duckdb.run(`CREATE VIEW ${identifier(name)} AS FROM ${reader}(${literal(file)})`);
      }
      made.push(table);
    } catch (error) {
      if (names === undefined) continue;
      const { code, message } = duckdbFailure(error) as QueryError;
      throw new QueryError({
        code,
        message: `The file ${file} cannot be read: ${message}`,
      });
    }
  }
  return made;
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
