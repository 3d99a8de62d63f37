import { wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { holdOrganization } from '../inventory/row-writer.ts';
import { accessOf, findReportRow, notFound } from '../spaces/space-access.ts';
import type { ContentInput } from './content-schema.ts';
import { timeAfter } from './draft-store.ts';
import { drafterSlot, type ReportEditor } from './report-editor.ts';
import {
  deleteUnpublishedReport,
  findUnpublishedReport,
  putUnpublishedReport,
  type UnpublishedReport,
} from './unpublished-report-store.ts';

type Given = { spaceToken: string | null; content: ContentInput };

/** Refuses the state in which it is. */
type Check = (before: UnpublishedReport) => void;

/**
 * Begins a report that is not published. With a token of the caller's it is begun once: what was sent already is returned
 * as it is.
 *
 * @throws ApiError conflict where the token is that of another report of the caller's.
 */
export function beginReport(
  database: Database,
  editor: ReportEditor,
  { token = editor.identifiers.token(), spaceToken, content }: Given & { token?: string },
): Promise<UnpublishedReport> {
  return whileHeld(database, editor, token, async (store, before) => {
    const now = wireTime(editor.clock());
    const begun = { ...kept(token, { spaceToken, content }), createdAt: now, savedAt: now };
    if (before === undefined) {
      await requireUnpublished(store, editor, token);
      return begun;
    }
    if (before.content === begun.content && before.spaceToken === spaceToken) return before;
    throw new ApiError(
      'conflict',
      `You have an unpublished report ${token} already, with other content.`,
      'Save it with PUT, or begin one with another token.',
    );
  });
}

/** Keeps what is written of a report that is not published. @throws ApiError not_found; conflict where it is published. */
export function saveUnpublishedReport(
  database: Database,
  editor: ReportEditor,
  token: string,
  { check, ...given }: Given & { check: Check },
): Promise<UnpublishedReport> {
  return whileHeld(database, editor, token, async (store, before) => {
    if (before === undefined) {
      await requireUnpublished(store, editor, token);
      throw notFound('report');
    }
    check(before);
    const savedAt = timeAfter(before.savedAt, wireTime(editor.clock()));
    return { ...kept(token, given), createdAt: before.createdAt, savedAt };
  });
}

/** Throws it away. @throws ApiError not_found */
export async function discardUnpublishedReport(
  database: Database,
  editor: ReportEditor,
  token: string,
  check: Check,
): Promise<void> {
  await whileHeld(database, editor, token, async (store, before) => {
    if (before === undefined) throw notFound('report');
    check(before);
    const { organization } = editor.caller;
    const whose = { memberSlot: drafterSlot(editor.caller), token };
    await deleteUnpublishedReport(store, organization.id, whose);
    return undefined;
  });
}

function kept(token: string, { spaceToken, content }: Given) {
  return { token, name: content.name ?? null, spaceToken, content: JSON.stringify(content) };
}

/** Keeps what the work returns, unless it is what there was; nobody else changes it meanwhile. */
function whileHeld<Result extends UnpublishedReport | undefined>(
  database: Database,
  { caller }: ReportEditor,
  token: string,
  work: (store: Store, before: UnpublishedReport | undefined) => Promise<Result>,
): Promise<Result> {
  const { id } = caller.organization;
  const memberSlot = drafterSlot(caller);
  return database.transaction(async (store) => {
    await holdOrganization(store, id);
    const before = await findUnpublishedReport(store, id, { memberSlot, token });
    const after = await work(store, before);
    if (after && after !== before) await putUnpublishedReport(store, id, memberSlot, after);
    return after;
  });
}

async function requireUnpublished(
  store: Store,
  { caller }: ReportEditor,
  token: string,
): Promise<void> {
  const { id } = caller.organization;
  const access = await accessOf(store, id, caller);
  if ((await findReportRow(store, id, access, token)) === undefined) return;
  throw new ApiError(
    'conflict',
    `The report ${token} is published.`,
    'Edit the report itself, with PUT and /content at the end of its path.',
  );
}
