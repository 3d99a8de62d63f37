import type { Store } from '../database/database.ts';
import { readContent } from './read-content.ts';
import type { ReportContent } from './report-content.ts';

/** A state in which an edit left a report; or, of the first one, in which it was found. */
export type ReportVersion = {
  /** Counts from 1 in each report. */
  number: number;
  savedAt: string;
  /** Null where nobody here made it so, or a credential of no member did. */
  editorEmail: string | null;
  summary: string;
  /** What people call it. */
  name: string | null;
};

const COLUMNS = 'number, saved_at as "savedAt", editor_email as "editorEmail", summary, name';

/** How many versions a report has, which is the number of its last. */
export async function countVersions(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<number> {
  const row = await store.get<{ last: number | null }>(
    'select max(number) as last from report_versions where organization_id = ? and report_slot = ?',
    [organizationId, reportSlot],
  );
  return row?.last ?? 0;
}

/** @param content as JSON. */
export async function insertVersion(
  store: Store,
  organizationId: number,
  reportSlot: number,
  { number, savedAt, editorEmail, summary }: Omit<ReportVersion, 'name'>,
  content: string,
): Promise<void> {
  await store.run(
    `insert into report_versions (organization_id, report_slot, number, saved_at, editor_email, summary, content)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [organizationId, reportSlot, number, savedAt, editorEmail, summary, content],
  );
}

/** Versions from the newest on, without what they hold. */
export async function listVersions(
  store: Store,
  organizationId: number,
  reportSlot: number,
  { offset, limit }: { offset: number; limit: number },
): Promise<ReportVersion[]> {
  return store.all<ReportVersion>(
    `select ${COLUMNS} from report_versions where organization_id = ? and report_slot = ?
     order by number desc limit ? offset ?`,
    [organizationId, reportSlot, limit, offset],
  );
}

export async function findVersion(
  store: Store,
  organizationId: number,
  reportSlot: number,
  number: number,
): Promise<(ReportVersion & { content: ReportContent }) | undefined> {
  const row = await store.get<ReportVersion & { content: string }>(
    `select ${COLUMNS}, content from report_versions
     where organization_id = ? and report_slot = ? and number = ?`,
    [organizationId, reportSlot, number],
  );
  return row && { ...row, content: readContent(row.content) };
}

/** Gives a version another name, or none. */
export async function renameVersion(
  store: Store,
  organizationId: number,
  { reportSlot, number }: { reportSlot: number; number: number },
  name: string | null,
): Promise<void> {
  await store.run(
    'update report_versions set name = ? where organization_id = ? and report_slot = ? and number = ?',
    [name, organizationId, reportSlot, number],
  );
}

export async function deleteVersions(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  await store.run('delete from report_versions where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}
