import { statSync } from 'node:fs';
import type { Database } from '../database/database.ts';
import { isMade } from '../database/open-store.ts';
import { OlderProgramError } from '../database/schema.ts';
import { openSqlite } from '../database/sqlite.ts';
import { describeDamage, notAStore } from '../database/sqlite-damage.ts';
import { UserError } from '../errors.ts';
import { otherThanFile } from '../file-problem.ts';
import { listOrganizations } from '../organizations/organization-store.ts';

/** What is where a backup is to be restored. */
export type Target = {
  file: string;
  /** Whether there is a store, and whether it is one that can be replaced while it is used. */
  state: 'none' | 'readable' | 'damaged';
  /** The usernames of what it holds, as far as they can be read. */
  usernames: string[];
};

/**
 * Looks at the store that a backup is to replace, and changes nothing. It may be of any version, and damaged: that is
 * what backups are for.
 *
 * @throws UserError where it is a database of another program.
 */
export async function lookAtTarget(file: string): Promise<Target> {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isFile() && stats.size === 0)) {
    return { file, state: 'none', usernames: [] };
  }
  const other = otherThanFile(stats);
  if (other !== undefined) throw new UserError(notAStore(file, other));
  let database: Database | undefined;
  try {
    const isStore = await isMadeByAny(file);
    database = openSqlite(file);
    const usernames = isStore ? await listOrganizations(database) : [];
    return { file, state: 'readable', usernames: usernames.map(({ username }) => username) };
  } catch (error) {
    if (describeDamage(error) === undefined) throw error;
    return { file, state: 'damaged', usernames: [] };
  } finally {
    await database?.close();
  }
}

async function isMadeByAny(file: string): Promise<boolean> {
  const database = openSqlite(file);
  try {
    return await isMade(database);
  } catch (error) {
    if (error instanceof OlderProgramError) return true;
    throw error;
  } finally {
    await database.close();
  }
}
