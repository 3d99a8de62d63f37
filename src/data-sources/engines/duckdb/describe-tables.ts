import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { QueryTable } from '../../query-job.ts';
import { literal } from '../../results/duckdb.ts';
import { duckdbFailure } from '../../results/duckdb-failure.ts';
import { DESCRIBED } from '../engine.ts';
import { findLook, type PlacedTable, type Places } from './folder-views.ts';

/** Of larger files, and once this much was read, only the first rows are looked at: somebody waits for a page. */
const READ_WHOLE_BYTES = 64 * 1024 * 1024;
/** So does who looks at very many files: after this time at their first rows, and then at nothing. */
const READ_WHOLE_MS = 5_000;
const READ_MS = 10_000;

/** The tables with their columns, and how each file is read. One that cannot be read says why. */
export async function describeTables(
  duckdb: DuckDBConnection,
  tables: readonly PlacedTable[],
  places: Places,
): Promise<QueryTable[]> {
  let columnsLeft = DESCRIBED.columns;
  let bytesLeft = READ_WHOLE_BYTES;
  const startedMs = performance.now();
  const described: QueryTable[] = [];
  for (const table of tables) {
    if (columnsLeft <= 0) break;
    const { name, file } = table;
    const tookMs = performance.now() - startedMs;
    if (tookMs > READ_MS) {
      const notes = [
        'Not read yet, because there are many files. List the tables again to see it.',
      ];
      described.push({ name, columns: [], file: { name: file, notes } });
      continue;
    }
    try {
      const isQuick = tookMs > READ_WHOLE_MS || statSync(table.path).size > bytesLeft;
      const { columns, encoding, notes = [] } = await describeTable(duckdb, table, places, isQuick);
      if (!isQuick) bytesLeft -= statSync(table.path).size;
      described.push({
        name,
        columns: columns.slice(0, columnsLeft),
        file: { name: file, notes, ...(encoding === undefined ? {} : { encoding }) },
      });
      columnsLeft -= columns.length;
    } catch (error) {
      const { message } = duckdbFailure(error) as Error;
      described.push({ name, columns: [], file: { name: file, notes: [], error: message } });
    }
  }
  return described;
}

type Described = { columns: QueryTable['columns']; encoding?: string; notes?: string[] };

async function describeTable(
  duckdb: DuckDBConnection,
  table: PlacedTable,
  places: Places,
  isQuick: boolean,
): Promise<Described> {
  const { reader, path } = table;
  if (reader === 'arrow')
    return { columns: (await import('./arrow-tables.ts')).columnsOfArrow(path) };
  if (reader === 'read_parquet') {
    const rows = await duckdb.runAndReadAll(`DESCRIBE FROM read_parquet(${literal(path)})`);
    return {
      columns: rows.getRows().map(([name, type]) => ({ name: String(name), type: String(type) })),
    };
  }
  const { columns, encoding, notes } = await findLook(duckdb, table, places, { isQuick });
  const shown = columns.filter(({ isEmpty }) => !isEmpty);
  return {
    columns: shown.map(({ name, type, note }) => ({ name, type, ...(note ? { note } : {}) })),
    encoding,
    notes,
  };
}
