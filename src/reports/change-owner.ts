import { wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { saveRowDetails } from '../inventory/row-detail-store.ts';
import { findListedMembersByEmail } from '../members/listed-members.ts';
import { requireOwner } from './change-reports.ts';
import { withReport } from './edit-report.ts';
import { auditReport, type ReportEditor } from './report-editor.ts';

/**
 * Says whose report it is: of the member with this address. An admin may name somebody who is no member, as imports do,
 * or nobody.
 *
 * @returns whose it was.
 */
export async function changeOwner(
  database: Database,
  editor: ReportEditor,
  token: string,
  email: string | null,
): Promise<string | null> {
  return withReport(database, editor, token, async (edit) => {
    const { store, access, stored } = edit;
    const { id } = editor.caller.organization;
    await requireOwner(edit);
    const before = readRow(lists.reports, stored.report);
    const address = email?.toLowerCase() ?? '';
    const member = (await findListedMembersByEmail(store, id, new Set([address]))).get(address);
    if (member === undefined && !access.isAdmin) {
      throw new ApiError(
        'bad_request',
        `owner_email is ${quoted(email)}; it must be the address of a member.`,
        'List the members to find it.',
      );
    }
    if (before.creator_email === email) return email;
    await edit.changeRows({
      report: { creator_email: email, updated_at: wireTime(editor.clock()) },
      charts: { report_creator_email: email },
    });
    const { slot } = stored.report;
    const unknown = { createdAt: null, updatedAt: null, content: null };
    const details = stored.details.get(slot) ?? unknown;
    await saveRowDetails(store, id, slot, { ...details, creatorSlot: member?.slot ?? null });
    await auditReport(store, editor, 'report.owner_changed', before, {
      from: before.creator_email,
      to: email,
    });
    return before.creator_email;
  });
}
