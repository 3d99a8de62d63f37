import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowByToken, findRows, listRowsAfter } from '../inventory/row-store.ts';
import type { Member, Role } from './member.ts';
import { findFirstAdmin, findMembers, listMembers } from './member-store.ts';

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

const ROWS_AT_ONCE = 1000;

/** Everybody in the members list, in its order. */
export async function listListedMembers(
  store: Store,
  organizationId: number,
): Promise<ListedMember[]> {
  const roles = rolesBySlot(await listMembers(store, organizationId));
  const members: ListedMember[] = [];
  for (let slot = 0; ; slot = members.at(-1)?.slot ?? slot) {
    const rows = await listRowsAfter(store, organizationId, {
      list: lists.members,
      view: 'all',
      slot,
      limit: ROWS_AT_ONCE,
    });
    for (const row of rows) members.push(toListedMember(row, roles));
    if (rows.length < ROWS_AT_ONCE) return members;
  }
}

/** The listed members at these slots, in the order of the list; not those who were removed. */
export async function findListedMembers(
  store: Store,
  organizationId: number,
  slots: readonly number[],
): Promise<ListedMember[]> {
  if (slots.length === 0) return [];
  const rows = await findRows(store, organizationId, lists.members, 'slot', slots);
  const roles = rolesBySlot(await findMembers(store, organizationId, 'slot', slots));
  return rows
    .filter((row) => !row.archived)
    .map((row) => toListedMember(row, roles))
    .toSorted((a, b) => a.slot - b.slot);
}

export async function findListedMember(
  store: Store,
  organizationId: number,
  token: string,
): Promise<ListedMember | undefined> {
  const row = await findRowByToken(store, organizationId, lists.members, token);
  if (row === undefined || row.archived) return undefined;
  const roles = rolesBySlot(await findMembers(store, organizationId, 'slot', [row.slot]));
  return toListedMember(row, roles);
}

/** The members of these addresses, by address in lower case; who has an account goes before who was only listed. */
export async function findListedMembersByEmail(
  store: Store,
  organizationId: number,
  emails: ReadonlySet<string>,
): Promise<Map<string, ListedMember>> {
  // An import may bring any text; no account has one that PostgreSQL could not look for.
  const possible = [...emails].filter((email) => !email.includes('\0'));
  const accounts = await findMembers(store, organizationId, 'email', possible);
  const slots = accounts.map(({ slot }) => slot);
  const found = new Map<string, ListedMember>();
  const add = (members: readonly ListedMember[]) => {
    for (const member of members) {
      const email = member.email?.toLowerCase();
      if (email === undefined || !emails.has(email)) continue;
      if (!found.has(email) || member.role !== null) found.set(email, member);
    }
  };
  add(await findListedMembers(store, organizationId, slots));
  // Who was only listed is found by reading the whole list.
  if (found.size < emails.size) add(await listListedMembers(store, organizationId));
  return found;
}

/**
 * The token of the membership that stands in where it is not known who made something, or the member was removed: clients
 * of Mode need somebody there. It is the admin who has been here for longest.
 */
export async function findStandIn(
  store: Store,
  organizationId: number,
): Promise<string | undefined> {
  const admin = await findFirstAdmin(store, organizationId);
  const [listed] = await findListedMembers(store, organizationId, admin ? [admin.slot] : []);
  return listed?.token;
}

function rolesBySlot(members: readonly Member[]): Map<number, Role> {
  return new Map(members.map(({ slot, role }) => [slot, role]));
}

function toListedMember(
  stored: { slot: number; body: Buffer },
  roles: ReadonlyMap<number, Role>,
): ListedMember {
  const row = readRow(lists.members, stored);
  return {
    slot: stored.slot,
    id: row.id,
    token: row.token,
    email: row.member_email,
    username: row.member_username,
    personToken: row.member_token,
    state: row.state,
    activatedAt: row.activated_at,
    role: roles.get(stored.slot) ?? null,
  };
}
