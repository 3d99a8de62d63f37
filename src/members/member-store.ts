import type { Queries } from '../database/database.ts';
import { countAccessChange } from '../organizations/organization-store.ts';
import type { Member, Role } from './member.ts';

const COLUMNS = 'slot, email, role, created_at as "createdAt"';

/** @throws DuplicateError where the organization has a member of this address. */
export async function insertMember(
  queries: Queries,
  organizationId: number,
  { slot, email, role, createdAt }: Member,
): Promise<void> {
  await queries.run(
    'insert into members (organization_id, slot, email, role, created_at) values (?, ?, ?, ?, ?)',
    [organizationId, slot, email, role, createdAt],
  );
}

/** Within a transaction. */
export async function updateMemberRole(
  queries: Queries,
  organizationId: number,
  slot: number,
  role: Role,
): Promise<void> {
  await queries.run('update members set role = ? where organization_id = ? and slot = ?', [
    role,
    organizationId,
    slot,
  ]);
  await countAccessChange(queries, organizationId);
}

/** Deletes a member, and remembers where everything is that was theirs, drafts too. Within a transaction. */
export async function deleteMember(
  queries: Queries,
  organizationId: number,
  { slot, email }: FormerMember,
): Promise<void> {
  await queries.run('delete from members where organization_id = ? and slot = ?', [
    organizationId,
    slot,
  ]);
  await queries.run(
    `insert into former_members (organization_id, email, member_slot) values (?, ?, ?)
     on conflict (organization_id, email) do update set member_slot = excluded.member_slot`,
    [organizationId, email, slot],
  );
  await countAccessChange(queries, organizationId);
}

/** A member who was removed. */
export type FormerMember = Pick<Member, 'slot' | 'email'>;

const FORMER = 'select email, member_slot as slot from former_members where organization_id = ?';

export async function findFormerMember(
  queries: Queries,
  organizationId: number,
  email: string,
): Promise<FormerMember | undefined> {
  return queries.get<FormerMember>(`${FORMER} and email = ?`, [organizationId, email]);
}

export async function findFormerMemberBySlot(
  queries: Queries,
  organizationId: number,
  slot: number,
): Promise<FormerMember | undefined> {
  return queries.get<FormerMember>(`${FORMER} and member_slot = ?`, [organizationId, slot]);
}

/** Nobody gets what was theirs from then on by being added under the same address. */
export async function deleteFormerMember(
  queries: Queries,
  organizationId: number,
  slot: number,
): Promise<void> {
  await queries.run('delete from former_members where organization_id = ? and member_slot = ?', [
    organizationId,
    slot,
  ]);
}

export async function findMember(
  queries: Queries,
  organizationId: number,
  email: string,
): Promise<Member | undefined> {
  return queries.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and email = ?`,
    [organizationId, email],
  );
}

export async function findMemberBySlot(
  queries: Queries,
  organizationId: number,
  slot: number,
): Promise<Member | undefined> {
  return queries.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and slot = ?`,
    [organizationId, slot],
  );
}

/** The members at these slots or of these addresses, in no order. */
export async function findMembers(
  queries: Queries,
  organizationId: number,
  column: 'slot' | 'email',
  values: readonly (number | string)[],
): Promise<Member[]> {
  return queries.allEach<Member>(
    `select ${COLUMNS} from members where organization_id = ? and ${column} = ?`,
    values.map((value) => [organizationId, value]),
  );
}

/** Whether anybody but this member is an admin. The organization's row is held, so that two admins cannot leave at once. */
export async function hasOtherAdmin(
  queries: Queries,
  organizationId: number,
  slot: number,
): Promise<boolean> {
  await countAccessChange(queries, organizationId);
  const other = await queries.get(
    `select slot from members where organization_id = ? and role = 'admin' and slot <> ?`,
    [organizationId, slot],
  );
  return other !== undefined;
}

/** The admin who has been a member for longest. */
export async function findFirstAdmin(
  queries: Queries,
  organizationId: number,
): Promise<Member | undefined> {
  return queries.get<Member>(
    `select ${COLUMNS} from members where organization_id = ? and role = 'admin' order by slot limit 1`,
    [organizationId],
  );
}

/** Every member in the order in which they joined. */
export async function listMembers(queries: Queries, organizationId: number): Promise<Member[]> {
  return queries.all<Member>(
    `select ${COLUMNS} from members where organization_id = ? order by slot`,
    [organizationId],
  );
}
