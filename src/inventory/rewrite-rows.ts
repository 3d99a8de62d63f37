import type { CodeStep } from '../database/migrations.ts';
import { type List, lists } from './lists.ts';
import { type GivenRow, toBytes } from './row.ts';
import {
  countRowsAfter,
  findOrganizationFrom,
  listStoredRowsAfter,
  type StoredRow,
} from './row-store.ts';
import { changeRows } from './row-writer.ts';
import { RowsAtOnce } from './rows-at-once.ts';

/**
 * What a row is to become, from what it is; both are objects in the words of the wire, whose fields may be in any order.
 * It may be called with a row that has been rewritten already, by a newer version that wrote it.
 */
export type RewriteRow = (row: GivenRow, list: List) => GivenRow;

/** As many as other writers of the organization can wait for. */
const MOST_ROWS = 2000;

const byNumber: readonly List[] = Object.values(lists).toSorted((a, b) => a.number - b.number);

/**
 * A migration that rewrites the rows of all lists of all organizations, archived ones too, in the order of their slots. A
 * row that becomes another one is changed like by any other writer: it gets a new change number, and whoever follows the
 * changes gets it. What is added meanwhile comes later in its list, and so is rewritten too.
 *
 * An import keeps it waiting: what that has planned would be written as it was planned.
 */
export function rewriteRows(rewrite: RewriteRow): CodeStep {
  const atOnce = new RowsAtOnce({ most: MOST_ROWS });
  return {
    countLeft: (store, after) => countRowsAfter(store, readPlace(after)),

    async takeTurn(store, after) {
      const place = readPlace(after);
      const organizationId = await findOrganizationFrom(store, place.organizationId);
      if (organizationId === undefined) return undefined;
      const isBegun = organizationId === place.organizationId;
      const first = isBegun ? place : { list: 0, slot: 0 };
      return changeRows(store, organizationId, async (writer) => {
        const read: StoredRow[] = [];
        let end = { organizationId: organizationId + 1, list: 0, slot: 0 };
        for (const list of byNumber.filter(({ number }) => number >= first.list)) {
          const slot = list.number === first.list ? first.slot : 0;
          const limit = atOnce.limit - read.length;
          const rows = await listStoredRowsAfter(store, organizationId, { list, slot, limit });
          if (rows.length === 0) continue;
          await writer.update(
            list,
            rows.map((row) => rewritten(list, row, rewrite)).filter((row) => row !== undefined),
          );
          read.push(...rows);
          if (rows.length === limit) {
            end = { organizationId, list: list.number, slot: (rows.at(-1) as StoredRow).slot };
            break;
          }
        }
        if (read.length > 0) atOnce.wereFull(read);
        return { place: Object.values(end).join('/'), done: read.length };
      });
    },
  };
}

/** The row as it is to be stored; undefined if it stays as it is. */
function rewritten(list: List, stored: StoredRow, rewrite: RewriteRow): StoredRow | undefined {
  const row = rewrite(JSON.parse(String(stored.body)) as GivenRow, list);
  if (row[list.idField] !== stored.id || row[list.tokenField] !== stored.token) {
    throw new Error(
      `A row of ${list.name} was rewritten with another id or token: ${stored.token}.`,
    );
  }
  const body = toBytes(inOrder(list, row));
  return body.equals(stored.body) ? undefined : { ...stored, body };
}

/** The row with the fields of its list in their order; others, of a newer version, come after them. */
function inOrder({ fields }: List, row: GivenRow): GivenRow {
  const known = fields.filter(({ name }) => name in row).map(({ name }) => [name, row[name]]);
  return { ...Object.fromEntries(known), ...row };
}

/** Where a turn ended: all rows up to this one are done. */
type Place = { organizationId: number; list: number; slot: number };

function readPlace(text = '0/0/0'): Place {
  const [organizationId = 0, list = 0, slot = 0] = text.split('/').map(Number);
  return { organizationId, list, slot };
}
