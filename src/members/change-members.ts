import { revokeTokensOfMember } from '../access-tokens/access-token-store.ts';
import { type Actor, commandLine, recordAudit } from '../audit/audit-log-store.ts';
import { type Clock, wireTime, wireTimeInSeconds } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { readRow, toBytes, toRow } from '../inventory/row.ts';
import { findRows, listRowsAfter, type StoredRow } from '../inventory/row-store.ts';
import { changeRows } from '../inventory/row-writer.ts';
import { deleteSignIn } from '../sessions/delete-sign-in.ts';
import type { Member, Role } from './member.ts';
import {
  deleteFormerMember,
  deleteMember,
  findFormerMember,
  findMember,
  insertMember,
  updateMemberRole,
} from './member-store.ts';

/**
 * Makes somebody a member, or gives a member another role. Who was removed gets back what was theirs. Someone whom an
 * import has already listed keeps that row, which from then on belongs to this server.
 *
 * @param email as `normalizeEmail` gives it.
 */
export function addMember(
  database: Database,
  organizationId: number,
  given: { email: string; role: Role },
  outside: { clock: Clock; identifiers: Identifiers; by?: Actor },
): Promise<Member> {
  return database.transaction((store) => putMember(store, organizationId, given, outside));
}

/** Does what `addMember` does, within a transaction. */
export async function putMember(
  store: Store,
  organizationId: number,
  { email, role }: { email: string; role: Role },
  { clock, identifiers, by = commandLine }: { clock: Clock; identifiers: Identifiers; by?: Actor },
): Promise<Member> {
  const now = clock();
  const at = wireTime(now);
  const subject = { kind: 'member', name: email };
  const member = await findMember(store, organizationId, email);
  if (member) {
    if (member.role === role) return member;
    await updateMemberRole(store, organizationId, member.slot, role);
    const detail = { from: member.role, to: role };
    const changed = { at, actor: by, action: 'member.role_changed', subject, detail } as const;
    await recordAudit(store, organizationId, changed);
    return { ...member, role };
  }
  const slot = await changeRows(store, organizationId, async (writer) => {
    const known =
      (await findFormerRow(store, organizationId, email)) ??
      (await findListedRow(store, organizationId, email));
    if (known) {
      await writer.update(lists.members, [{ ...known, sourceId: null, archived: false }]);
      await deleteFormerMember(store, organizationId, known.slot);
      return known.slot;
    }
    const id = writer.nextOwnId();
    const token = identifiers.token();
    const row = toRow(lists.members, {
      id,
      token,
      state: 'active',
      member_email: email,
      member_token: identifiers.token(),
      member_username: email.slice(0, email.indexOf('@')),
      activated_at: wireTimeInSeconds(now),
      total_days_engaged: 0,
    });
    const [slot] = await writer.insert(lists.members, [
      { id, token, parent: null, personal: false, sourceId: null, body: toBytes(row) },
    ]);
    return slot as number;
  });
  const added: Member = { slot, email, role, createdAt: at };
  await insertMember(store, organizationId, added);
  const detail = { role };
  await recordAudit(store, organizationId, {
    at,
    actor: by,
    action: 'member.added',
    subject,
    detail,
  });
  return added;
}

/**
 * Removes a member from the organization and its list, and revokes all access tokens that belong to the member; answers how
 * many they were. Within a transaction, as a part of `removeMemberIn`.
 */
export async function endMembership(
  store: Store,
  organizationId: number,
  member: Member,
  { at, by }: { at: string; by: Actor },
): Promise<number> {
  const revoked = await revokeTokensOfMember(store, organizationId, member.slot, at);
  await recordAudit(store, organizationId, {
    at,
    actor: by,
    action: 'member.removed',
    subject: { kind: 'member', name: member.email },
    detail: { revoked_tokens: revoked },
  });
  await deleteSignIn(store, organizationId, member.slot);
  await deleteMember(store, organizationId, member);
  await changeRows(store, organizationId, async (writer) => {
    const rows = await findRows(store, organizationId, lists.members, 'slot', [member.slot]);
    // Its place is kept: what the member made belongs to it, and the member may come back.
    const archived = rows.map((row) => ({ ...row, sourceId: null, archived: true }));
    await writer.update(lists.members, archived);
  });
  return revoked;
}

/** The row of a member who was removed. */
async function findFormerRow(
  store: Store,
  organizationId: number,
  email: string,
): Promise<StoredRow | undefined> {
  const former = await findFormerMember(store, organizationId, email);
  if (former === undefined) return undefined;
  const [row] = await findRows(store, organizationId, lists.members, 'slot', [former.slot]);
  return row;
}

async function findListedRow(
  store: Store,
  organizationId: number,
  email: string,
): Promise<StoredRow | undefined> {
  for (let slot = 0, limit = 1000; ; ) {
    const rows = await listRowsAfter(store, organizationId, {
      list: lists.members,
      view: 'all',
      slot,
      limit,
    });
    for (const row of rows) {
      const { member_email: listed } = readRow(lists.members, row);
      if (listed?.toLowerCase() !== email) continue;
      const [stored] = await findRows(store, organizationId, lists.members, 'slot', [row.slot]);
      return stored;
    }
    if (rows.length < limit) return undefined;
    slot = rows.at(-1)?.slot ?? slot;
  }
}
