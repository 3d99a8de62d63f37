import type { Queries } from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { findRowByToken, findRows, listRowsAfter } from '../discovery/row-store.ts';
import type { Role } from './member.ts';
import { listMembers } from './member-store.ts';

/** A member as the members list has it. */
export type ListedMember = {
  slot: number;
  id: number;
  token: string;
  email: string | null;
  username: string | null;
  /** The token of the person, which an import may not know. */
  personToken: string | null;
  state: string | null;
  activatedAt: string | null;
  /** Null for somebody whom an import has listed, and who has no account here. */
  role: Role | null;
};

/** What a row of the members list holds, as far as it is told here. */
type MemberRow = {
  id: number;
  token: string;
  member_email: string | null;
  member_username: string | null;
  member_token: string | null;
  state: string | null;
  activated_at: string | null;
};

const ROWS_AT_ONCE = 1000;

/** Everybody in the members list, in its order. */
export async function listListedMembers(
  queries: Queries,
  organizationId: number,
): Promise<ListedMember[]> {
  const roles = await rolesBySlot(queries, organizationId);
  const members: ListedMember[] = [];
  for (let slot = 0; ; slot = members.at(-1)?.slot ?? slot) {
    const rows = await listRowsAfter(queries, organizationId, {
      list: lists.members,
      view: 'all',
      slot,
      limit: ROWS_AT_ONCE,
    });
    for (const row of rows) members.push(toListedMember(row, roles));
    if (rows.length < ROWS_AT_ONCE) return members;
  }
}

/** The listed members at these slots, in the order of the list. */
export async function findListedMembers(
  queries: Queries,
  organizationId: number,
  slots: readonly number[],
): Promise<ListedMember[]> {
  const rows = await findRows(queries, organizationId, lists.members, 'slot', slots);
  const roles = await rolesBySlot(queries, organizationId);
  return rows.map((row) => toListedMember(row, roles)).toSorted((a, b) => a.slot - b.slot);
}

export async function findListedMember(
  queries: Queries,
  organizationId: number,
  token: string,
): Promise<ListedMember | undefined> {
  const row = await findRowByToken(queries, organizationId, lists.members, token);
  return row && toListedMember(row, await rolesBySlot(queries, organizationId));
}

/** The members of these addresses, by address in lower case; who has an account goes before who was only listed. */
export async function findListedMembersByEmail(
  queries: Queries,
  organizationId: number,
  emails: ReadonlySet<string>,
): Promise<Map<string, ListedMember>> {
  const found = new Map<string, ListedMember>();
  if (emails.size === 0) return found;
  for (const member of await listListedMembers(queries, organizationId)) {
    const email = member.email?.toLowerCase();
    if (email === undefined || !emails.has(email)) continue;
    if (!found.has(email) || member.role !== null) found.set(email, member);
  }
  return found;
}

async function rolesBySlot(queries: Queries, organizationId: number): Promise<Map<number, Role>> {
  const members = await listMembers(queries, organizationId);
  return new Map(members.map(({ slot, role }) => [slot, role]));
}

function toListedMember(
  { slot, body }: { slot: number; body: Buffer | null },
  roles: ReadonlyMap<number, Role>,
): ListedMember {
  const row = JSON.parse(String(body)) as MemberRow;
  return {
    slot,
    id: row.id,
    token: row.token,
    email: row.member_email,
    username: row.member_username,
    personToken: row.member_token,
    state: row.state,
    activatedAt: row.activated_at,
    role: roles.get(slot) ?? null,
  };
}
