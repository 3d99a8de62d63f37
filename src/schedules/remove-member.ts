import { type Actor, commandLine } from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { changeRows } from '../inventory/row-writer.ts';
import { endMembership } from '../members/change-members.ts';
import type { Member } from '../members/member.ts';
import { listSchedulesOfMember } from './schedule-store.ts';
import { stopSchedules } from './stop-schedules.ts';

type Removal = { clock: Clock; by?: Actor };

/**
 * Removes a member, revokes all access tokens that belong to the member, and stops the member's schedules; answers how many
 * the tokens were. The space, the reports and the drafts of the member stay, for who is added again under the same address.
 */
export function removeMember(
  database: Database,
  organizationId: number,
  member: Member,
  removal: Removal,
): Promise<number> {
  return database.transaction((store) => removeMemberIn(store, organizationId, member, removal));
}

/** Does what `removeMember` does, within a transaction. */
export async function removeMemberIn(
  store: Store,
  organizationId: number,
  member: Member,
  { clock, by = commandLine }: Removal,
): Promise<number> {
  const at = wireTime(clock());
  const revoked = await endMembership(store, organizationId, member, { at, by });
  await changeRows(store, organizationId, async (writer) => {
    const schedules = await listSchedulesOfMember(store, organizationId, member.slot);
    await stopSchedules(store, organizationId, writer, schedules, { at, by });
  });
  return revoked;
}
