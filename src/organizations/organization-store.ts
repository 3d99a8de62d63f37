import type { Queries } from '../database/database.ts';
import { type Identifiers, newFirstOwnId } from '../identifiers.ts';
import type { Organization } from './organization.ts';

/**
 * @param epoch a new random text; see migrations.
 * @throws DuplicateError where the username is taken.
 */
export async function createOrganization(
  queries: Queries,
  {
    username,
    name,
    createdAt,
    epoch,
  }: { username: string; name: string; createdAt: string; epoch: string },
): Promise<Organization> {
  await queries.run(
    'insert into organizations (username, name, created_at, epoch, last_own_id) values (?, ?, ?, ?, ?)',
    [username, name, createdAt, epoch, newFirstOwnId()],
  );
  const made = await findOrganization(queries, username);
  if (made === undefined) throw new Error(`The organization ${username} was not made.`);
  return made;
}

export async function findOrganization(
  queries: Queries,
  username: string,
): Promise<Organization | undefined> {
  return queries.get<Organization>(
    'select id, username, name from organizations where username = ?',
    [username],
  );
}

/**
 * Every organization of the server, by username. For the command line and the server's own work: no caller of an API
 * may see them all.
 */
export async function listOrganizations(
  queries: Queries,
): Promise<(Organization & { createdAt: string })[]> {
  return queries.all(
    'select id, username, name, created_at as "createdAt" from organizations order by username',
  );
}

/** When an organization was created. */
export async function findCreatedAt(
  queries: Queries,
  organizationId: number,
): Promise<string | null> {
  const row = await queries.get<{ createdAt: string }>(
    'select created_at as "createdAt" from organizations where id = ?',
    [organizationId],
  );
  return row?.createdAt ?? null;
}

/** Says that a credential was taken away or a member changed, so that no server goes by what it remembers. */
export async function countAccessChange(queries: Queries, organizationId: number): Promise<void> {
  await queries.run('update organizations set access_changes = access_changes + 1 where id = ?', [
    organizationId,
  ]);
}

/** How an organization stands now; undefined where it is gone. */
export async function findOrganizationNow(
  queries: Queries,
  organizationId: number,
): Promise<{ position: number; epoch: string; accessChanges: number } | undefined> {
  return queries.get(
    'select position, epoch, access_changes as "accessChanges" from organizations where id = ?',
    [organizationId],
  );
}

/** Says of every organization that its numbers of changes are those of a restored copy; see migrations. */
export async function renewEpochs(queries: Queries, identifiers: Identifiers): Promise<void> {
  const organizations = await listOrganizations(queries);
  await queries.runEach(
    'update organizations set epoch = ? where id = ?',
    organizations.map(({ id }) => [identifiers.token(), id]),
  );
}
