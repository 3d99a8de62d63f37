import { wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { toBytes, toRow } from '../inventory/row.ts';
import { saveRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { changeOrganization, type RowWriter } from '../inventory/row-writer.ts';
import { getOrMakeOwnSpace } from '../spaces/own-space.ts';
import { accessOf, getSpaceRow } from '../spaces/space-access.ts';
import { emptyFields, type ReportFields, reportFields } from './content/content.ts';
import type { ReportContent } from './report-content.ts';
import { auditReport, emailOf, noteWithMember, type ReportEditor } from './report-editor.ts';
import { insertStats } from './report-rows.ts';
import { insertVersion } from './version-store.ts';

/**
 * @property spaceToken where it is to lie; the personal space of who makes it where that is not said.
 * @property token one that no report has; a new one where none is given.
 */
export type NewReport = Partial<ReportFields> & { spaceToken?: string; token?: string };

/** Makes a report that holds nothing yet. */
export function createReport(
  database: Database,
  given: NewReport,
  editor: ReportEditor,
): Promise<StoredRow> {
  return changeOrganization(database, editor.caller.organization.id, (store, writer) =>
    insertReport(store, writer, given, editor),
  );
}

/** The same within a transaction that holds the organization. */
export async function insertReport(
  store: Store,
  writer: RowWriter,
  { spaceToken, token: chosen, ...given }: NewReport,
  editor: ReportEditor,
): Promise<StoredRow> {
  const { organization, member } = editor.caller;
  const fields: ReportFields = { ...emptyFields(reportFields), ...given };
  const creatorEmail = await emailOf(store, editor.caller);
  const space = await findSpace(store, writer, spaceToken, editor);
  const id = writer.nextOwnId();
  const token = chosen ?? editor.identifiers.token();
  const createdAt = wireTime(editor.clock());
  const row = toRow(lists.reports, {
    id,
    token,
    ...fields,
    created_at: createdAt,
    updated_at: createdAt,
    creator_email: creatorEmail,
    space_id: space.id,
    space_token: space.token,
    report_url: `/api/${organization.username}/reports/${token}`,
  });
  const { personal, slot: parent } = space;
  const stored = { id, token, parent, personal, sourceId: null, body: toBytes(row) };
  const [slot] = (await writer.insert(lists.reports, [stored])) as [number];
  await insertStats(writer, { ...stored, slot });
  await saveRowDetails(store, organization.id, slot, {
    createdAt,
    updatedAt: createdAt,
    creatorSlot: member?.slot ?? null,
    content: null,
  });
  await noteWithMember(store, writer, editor, 'last_report_created_at');
  await insertVersion(
    store,
    organization.id,
    slot,
    { number: 1, savedAt: createdAt, editorEmail: creatorEmail, summary: 'Created the report' },
    JSON.stringify({ ...fields, queries: [] } satisfies ReportContent),
  );
  await auditReport(store, editor, 'report.created', { token, name: fields.name });
  return { ...stored, slot, archived: false };
}

async function findSpace(
  store: Store,
  writer: RowWriter,
  token: string | undefined,
  { caller, clock, identifiers }: ReportEditor,
): Promise<StoredRow> {
  const { organization, member } = caller;
  if (token !== undefined) {
    const access = await accessOf(store, organization.id, caller);
    return getSpaceRow(store, organization.id, access, token);
  }
  if (member) {
    const outside = { clock, identifiers };
    return getOrMakeOwnSpace(store, writer, organization, member, outside);
  }
  throw new ApiError(
    'bad_request',
    'This credential belongs to no member, so there is no personal space for the report.',
    'Choose a space with space_token.',
  );
}
