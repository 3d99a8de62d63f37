import { createHash, type Hash } from 'node:crypto';
import type { Value } from '../database/database.ts';
import type { Table, TableRow } from './table-store.ts';

/** What was counted of one table or, of the rows of lists, of one list of one organization. */
export type Part = {
  table: string;
  organizationId: number | null;
  list: number | null;
  rows: number;
  /** SHA-256 of all columns of all rows, in order. */
  sha256: string;
};

/** Counts and digests rows as they pass by. */
export class Tally {
  readonly #parts = new Map<string, Omit<Part, 'sha256'> & { hash: Hash }>();

  add({ name, columns }: Table, rows: readonly TableRow[]): void {
    for (const row of rows) {
      const part = this.#partOf(name, row);
      part.rows++;
      const values = columns.map((column) => row[column] as Value);
      const lengths = values.map((value) => (value instanceof Uint8Array ? value.length : value));
      part.hash.update(JSON.stringify(lengths));
      for (const value of values) if (value instanceof Uint8Array) part.hash.update(value);
    }
  }

  /** To be called once, at the end. */
  parts(): Part[] {
    return [...this.#parts.values()].map(({ hash, ...part }) => ({
      ...part,
      sha256: hash.digest('hex'),
    }));
  }

  #partOf(table: string, row: TableRow) {
    const organizationId = Number(row.organization_id);
    const list = Number(row.list);
    const isList = table === 'discovery_rows';
    const name = isList ? `${table} ${organizationId} ${list}` : table;
    let part = this.#parts.get(name);
    if (part === undefined) {
      const where = isList ? { organizationId, list } : { organizationId: null, list: null };
      part = { table, ...where, rows: 0, hash: createHash('sha256') };
      this.#parts.set(name, part);
    }
    return part;
  }
}
