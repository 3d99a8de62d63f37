import type { Store } from '../database/database.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import type { StoredRow } from '../inventory/row-store.ts';

/** A report that was deleted and can still be restored. */
export type DeletedReport = {
  slot: number;
  token: string;
  name: string | null;
  deletedAt: string;
  /** The member who deleted it; null for a credential of no member. */
  deletedBySlot: number | null;
  /** The member who made it, or whose personal space it was in; null where that is not known. */
  creatorSlot: number | null;
};

/** The rows that a report had, parents first. */
export type DeletedRows = readonly { list: List; row: StoredRow }[];

/** What comes back with a report: its rows, and the numbers of the schedules that were paused with it. */
export type Kept = { rows: DeletedRows; schedules: readonly number[] };

const COLUMNS = `report_slot as slot, token, name, deleted_at as "deletedAt", deleted_by_slot as "deletedBySlot",
  creator_slot as "creatorSlot"`;

export async function insertDeletedReport(
  store: Store,
  organizationId: number,
  report: DeletedReport,
  { rows, schedules }: Kept,
): Promise<void> {
  const content = rows.map(({ list, row }) => ({
    ...row,
    list: list.name,
    body: row.body.toString(),
  }));
  await store.run(
    `insert into deleted_reports (organization_id, report_slot, token, name, deleted_at, deleted_by_slot, creator_slot, content,
       schedules) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      organizationId,
      report.slot,
      report.token,
      report.name,
      report.deletedAt,
      report.deletedBySlot,
      report.creatorSlot,
      JSON.stringify(content),
      JSON.stringify(schedules),
    ],
  );
}

/** The report of this token that was deleted last: an import may have brought it back, and it was deleted again. */
export async function findDeletedReport(
  store: Store,
  organizationId: number,
  token: string,
): Promise<DeletedReport | undefined> {
  return store.get<DeletedReport>(
    `select ${COLUMNS} from deleted_reports where organization_id = ? and token = ?
     order by deleted_at desc, report_slot desc limit 1`,
    [organizationId, token],
  );
}

/** Those that a member may restore, or all, who was deleted last first; and how many they are in all. */
export async function listDeletedReports(
  store: Store,
  organizationId: number,
  { of, offset, limit }: { of: number | 'all' | 'nobody'; offset: number; limit: number },
): Promise<{ reports: DeletedReport[]; total: number }> {
  if (of === 'nobody') return { reports: [], total: 0 };
  const [condition, values] =
    of === 'all' ? ['', []] : ['and (deleted_by_slot = ? or creator_slot = ?)', [of, of]];
  const from = `from deleted_reports where organization_id = ? ${condition}`;
  const reports = await store.all<DeletedReport>(
    `select ${COLUMNS} ${from} order by deleted_at desc, report_slot desc limit ? offset ?`,
    [organizationId, ...values, limit, offset],
  );
  const counted = await store.get<{ total: number }>(`select count(*) as total ${from}`, [
    organizationId,
    ...values,
  ]);
  return { reports, total: counted?.total ?? 0 };
}

/** The slots of up to `limit` that were deleted before a time, oldest first. */
export async function listDeletedBefore(
  store: Store,
  organizationId: number,
  before: string,
  limit: number,
): Promise<number[]> {
  const rows = await store.all<{ slot: number }>(
    `select report_slot as slot from deleted_reports where organization_id = ? and deleted_at < ?
     order by deleted_at limit ?`,
    [organizationId, before, limit],
  );
  return rows.map(({ slot }) => slot);
}

/**
 * Takes a report from among the deleted ones. To be done before anything else of it is restored or forgotten: only one of
 * those who try gets what was kept of it, the others get undefined.
 */
export async function takeDeletedReport(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<Kept | undefined> {
  const found = await store.get<{ content: string; schedules: string }>(
    'delete from deleted_reports where organization_id = ? and report_slot = ? returning content, schedules',
    [organizationId, slot],
  );
  if (found === undefined) return undefined;
  const rows: (Omit<StoredRow, 'body'> & { list: ListName; body: string })[] = JSON.parse(
    found.content,
  );
  return {
    rows: rows.map(({ list, body, ...row }) => ({
      list: lists[list],
      row: { ...row, body: Buffer.from(body) },
    })),
    schedules: JSON.parse(found.schedules),
  };
}
