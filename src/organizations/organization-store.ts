import type { Queries } from '../database/database.ts';
import { FIRST_OWN_ID } from '../identifiers.ts';
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
    [username, name, createdAt, epoch, FIRST_OWN_ID],
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

/** Every organization of the server, by username. For the command line only: no caller of an API may see them all. */
export async function listOrganizations(
  queries: Queries,
): Promise<(Organization & { createdAt: string })[]> {
  return queries.all(
    'select id, username, name, created_at as "createdAt" from organizations order by username',
  );
}
