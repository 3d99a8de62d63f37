import type { Store } from '../database/database.ts';
import { type Identifiers, newFirstOwnId } from '../identifiers.ts';
import { byUsername, type Organization } from './organization.ts';

/**
 * Creates an organization, within a transaction.
 *
 * @param epoch a new random text; see migrations.
 * @throws DuplicateError if the username is taken.
 */
export async function createOrganization(
  store: Store,
  {
    username,
    name,
    createdAt,
    epoch,
  }: { username: string; name: string; createdAt: string; epoch: string },
): Promise<Organization> {
  const named = await store.get<{ id: number }>(
    'insert into organization_names (username) values (?) returning organization_id as id',
    [username],
  );
  if (named === undefined) throw new Error(`The organization ${username} was not created.`);
  await store.run(
    'insert into organizations (id, username, name, created_at, epoch, last_own_id) values (?, ?, ?, ?, ?, ?)',
    [named.id, username, name, createdAt, epoch, newFirstOwnId()],
  );
  return { id: named.id, username, name };
}

export async function findOrganization(
  store: Store,
  username: string,
): Promise<Organization | undefined> {
  const named = await store.get<{ id: number }>(
    'select organization_id as id from organization_names where username = ?',
    [username],
  );
  if (named === undefined) return undefined;
  return store.get<Organization>('select id, username, name from organizations where id = ?', [
    named.id,
  ]);
}

/** The numbers of all organizations, for the server's own work. */
export async function listOrganizationIds(store: Store): Promise<number[]> {
  const rows = await store.all<{ id: number }>(
    'select organization_id as id from organization_names order by organization_id',
  );
  return rows.map(({ id }) => id);
}

/**
 * Every organization of the server, by username. For the command line and the server's own work: no caller of an API
 * may see them all.
 */
export async function listOrganizations(
  store: Store,
): Promise<(Organization & { createdAt: string })[]> {
  const found = await store.all<Organization & { createdAt: string }>(
    'select id, username, name, created_at as "createdAt" from organizations',
  );
  return found.toSorted(byUsername);
}

/** When an organization was created. */
export async function findCreatedAt(store: Store, organizationId: number): Promise<string | null> {
  const row = await store.get<{ createdAt: string }>(
    'select created_at as "createdAt" from organizations where id = ?',
    [organizationId],
  );
  return row?.createdAt ?? null;
}

/** Says that a credential was taken away or a member changed, so that no server goes by what it remembers. */
export async function countAccessChange(store: Store, organizationId: number): Promise<void> {
  await store.run('update organizations set access_changes = access_changes + 1 where id = ?', [
    organizationId,
  ]);
}

/** How an organization stands now; undefined where it is gone. */
export async function findOrganizationNow(
  store: Store,
  organizationId: number,
): Promise<{ position: number; epoch: string; accessChanges: number } | undefined> {
  return store.get(
    'select position, epoch, access_changes as "accessChanges" from organizations where id = ?',
    [organizationId],
  );
}

/** Says of every organization that its numbers of changes are those of a restored copy; see migrations. */
export async function renewEpochs(store: Store, identifiers: Identifiers): Promise<void> {
  for (const id of await listOrganizationIds(store)) {
    await store.run('update organizations set epoch = ? where id = ?', [identifiers.token(), id]);
  }
}
