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

/** Deletes a member with the drafts that only this member saw, within a transaction. */
export async function deleteMember(
  queries: Queries,
  organizationId: number,
  slot: number,
): Promise<void> {
  const whose = [organizationId, slot];
  await queries.run('delete from drafts where organization_id = ? and member_slot = ?', whose);
  await queries.run('delete from members where organization_id = ? and slot = ?', whose);
  await countAccessChange(queries, organizationId);
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
