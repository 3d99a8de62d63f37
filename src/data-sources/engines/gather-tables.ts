import type { QueryTable } from '../query-job.ts';
import { DESCRIBED } from './engine.ts';

/** Tables of rows of table, column and type, in their order. */
export function gatherTables(rows: Iterable<readonly unknown[]>): QueryTable[] {
  const tables = new Map<string, QueryTable>();
  for (const [table, name, type] of rows) {
    const key = String(table);
    const known = tables.get(key);
    if (!known && tables.size === DESCRIBED.tables) break;
    const column = { name: String(name), type: String(type) };
    if (known) known.columns.push(column);
    else tables.set(key, { name: key, columns: [column] });
  }
  return [...tables.values()];
}
