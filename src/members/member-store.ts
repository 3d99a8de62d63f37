import type { Store } from '../database/database.ts';
import { countAccessChange } from '../organizations/organization-store.ts';
import type { Member, Role } from './member.ts';

const COLUMNS = 'slot, email, role, created_at as "createdAt"';

/** @throws DuplicateError where the organization has a member of this address. */
export async function insertMember(
  store: Store,
  organizationId: number,
  { slot, email, role, createdAt }: Member,
): Promise<void> {
  await store.run(
    'insert into members (organization_id, slot, email, role, created_at) values (?, ?, ?, ?, ?)',
    [organizationId, slot, email, role, createdAt],
  );
}

/** Within a transaction. */
export async function updateMemberRole(
  store: Store,
  organizationId: number,
  slot: number,
  role: Role,
): Promise<void> {
  await store.run('update members set role = ? where organization_id = ? and slot = ?', [
    role,
    organizationId,
    slot,
  ]);
  await countAccessChange(store, organizationId);
}

/** Deletes a member, and remembers where everything is that was theirs, drafts too. Within a transaction. */
export async function deleteMember(
  store: Store,
  organizationId: number,
  { slot, email }: FormerMember,
): Promise<void> {
  await store.run('delete from members where organization_id = ? and slot = ?', [
    organizationId,
    slot,
  ]);
  await store.run(
    `insert into former_members (organization_id, email, member_slot) values (?, ?, ?)
     on conflict (organization_id, email) do update set member_slot = excluded.member_slot`,
    [organizationId, email, slot],
  );
  await countAccessChange(store, organizationId);
}

/** A member who was removed. */
export type FormerMember = Pick<Member, 'slot' | 'email'>;

const FORMER = 'select email, member_slot as slot from former_members where organization_id = ?';

export async function findFormerMember(
  store: Store,
  organizationId: number,
  email: string,
): Promise<FormerMember | undefined> {
  return store.get<FormerMember>(`${FORMER} and email = ?`, [organizationId, email]);
}

export async function findFormerMemberBySlot(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<FormerMember | undefined> {
  return store.get<FormerMember>(`${FORMER} and member_slot = ?`, [organizationId, slot]);
}

/** Nobody gets what was theirs from then on by being added under the same address. */
export async function deleteFormerMember(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<void> {
  await store.run('delete from former_members where organization_id = ? and member_slot = ?', [
    organizationId,
    slot,
  ]);
}

export async function findMember(
  store: Store,
  organizationId: number,
  email: string,
): Promise<Member | undefined> {
  return store.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and email = ?`,
    [organizationId, email],
  );
}

export async function findMemberBySlot(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<Member | undefined> {
  return store.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and slot = ?`,
    [organizationId, slot],
  );
}

/** The members at these slots or of these addresses, in no order. */
export async function findMembers(
  store: Store,
  organizationId: number,
  column: 'slot' | 'email',
  values: readonly (number | string)[],
): Promise<Member[]> {
  return store.allEach<Member>(
    `select ${COLUMNS} from members where organization_id = ? and ${column} = ?`,
    values.map((value) => [organizationId, value]),
  );
}

/** Whether anybody but this member is an admin. The organization's row is held, so that two admins cannot leave at once. */
export async function hasOtherAdmin(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<boolean> {
  await countAccessChange(store, organizationId);
  const other = await store.get(
    `select slot from members where organization_id = ? and role = 'admin' and slot <> ?`,
    [organizationId, slot],
  );
  return other !== undefined;
}

/** The admin who has been a member for longest. */
export async function findFirstAdmin(
  store: Store,
  organizationId: number,
): Promise<Member | undefined> {
  return store.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and role = 'admin' order by slot limit 1`,
    [organizationId],
  );
}

/** Every member in the order in which they joined. */
export async function listMembers(store: Store, organizationId: number): Promise<Member[]> {
  return store.all<Member>(
    `select ${COLUMNS} from members where organization_id = ? order by slot`,
    [organizationId],
  );
}
