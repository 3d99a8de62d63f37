import type { Database } from '../../src/database/database.ts';
import type { List } from '../../src/inventory/lists.ts';
import { type GivenRow, toBytes, toRow } from '../../src/inventory/row.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';

/** Puts rows into a list as they are; answers their slots. */
export async function putRows(
  database: Database,
  organization: Organization,
  list: List,
  rows: readonly GivenRow[],
  { personal = false, parent = null }: { personal?: boolean; parent?: number | null } = {},
): Promise<number[]> {
  return database.transaction((store) =>
    changeRows(store, organization.id, (writer) =>
      writer.insert(
        list,
        rows.map((given) => {
          const row = toRow(list, given);
          const id = row[list.idField] as number;
          const token = row[list.tokenField] as string;
          return { id, token, parent, personal, sourceId: null, body: toBytes(row) };
        }),
      ),
    ),
  );
}

/** A row of the reports list that differs by its number. */
export function reportRow(number: number, more: GivenRow = {}): GivenRow {
  return {
    id: number,
    token: number.toString(16).padStart(12, '0'),
    name: `Report ${number}`,
    created_at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}
