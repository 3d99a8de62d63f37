import { type Actor, recordAudit } from '../audit/audit-log-store.ts';
import type { Caller } from '../callers/authenticate.ts';
import { type Clock, wireTime, wireTimeInSeconds } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { patchRow } from '../inventory/patch-row.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { engagedNow } from '../members/engaged-days.ts';
import { findListedMembers } from '../members/listed-members.ts';

/** Who changes reports, and what it takes besides. */
export type ReportEditor = {
  caller: Caller;
  actor: Actor;
  clock: Clock;
  identifiers: Identifiers;
};

/** The address of who calls; null for a credential of no member. */
export async function emailOf(
  store: Store,
  { organization, member }: Caller,
): Promise<string | null> {
  const [listed] = await findListedMembers(store, organization.id, member ? [member.slot] : []);
  return listed?.email ?? null;
}

/** The slot of the member whose drafts a caller reads and writes. @throws ApiError forbidden for a credential of no member. */
export function drafterSlot({ member }: Caller): number {
  if (member) return member.slot;
  throw new ApiError(
    'forbidden',
    'Drafts belong to members; this credential does not belong to one.',
  );
}

/** Notes with the member who calls that a report was made or edited now. */
export async function noteWithMember(
  store: Store,
  writer: RowWriter,
  { caller, clock }: ReportEditor,
  field: 'last_report_created_at' | 'last_report_edited_at',
): Promise<void> {
  const { organization, member } = caller;
  if (!member) return;
  const place = { list: lists.members, slot: member.slot };
  await patchRow(store, organization.id, writer, place, () => ({
    [field]: wireTimeInSeconds(clock()),
    ...engagedNow(caller, clock()),
  }));
}

/** Writes down what was done with a report. */
export async function auditReport(
  store: Store,
  { caller, actor, clock }: ReportEditor,
  action: `report.${string}`,
  { token, name }: { token: string; name: string | null },
  detail?: object,
): Promise<void> {
  await recordAudit(store, caller.organization.id, {
    at: wireTime(clock()),
    actor,
    action,
    subject: { kind: 'report', token, name },
    ...(detail && { detail }),
  });
}
