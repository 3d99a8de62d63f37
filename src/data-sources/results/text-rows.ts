import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';

const CHUNK_ROWS = 2_048;

/**
 * Rows whose cells are texts as chunks. Engines whose rows come through JavaScript hand them over as texts, and DuckDB
 * reads the types out of them: no number, date or time passes through a type of JavaScript that holds less.
 */
export async function* textChunks(
  rows: AsyncIterable<readonly (string | null)[]> | Iterable<readonly (string | null)[]>,
  columns: number,
): AsyncGenerator<DuckDBDataChunk> {
  const types = Array.from({ length: columns }, () => VARCHAR);
  let held: (readonly (string | null)[])[] = [];
  const chunk = () => {
    const made = DuckDBDataChunk.create(types, held.length);
    for (let column = 0; column < columns; column++)
      made.setColumnValues(
        column,
        held.map((row) => row[column] ?? null),
      );
    held = [];
    return made;
  };
  for await (const row of rows) {
    if (held.push(row) === CHUNK_ROWS) yield chunk();
  }
  if (held.length > 0) yield chunk();
}

/** SQL that reads a column's texts as values of a type. */
export function fromText(type: string, column: string): string {
  return type === 'VARCHAR' ? column : `${column}::${type}`;
}
