import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Config } from '../config.ts';
import type { Organization } from '../organizations/organization.ts';
import { QueryError } from './query-error.ts';

/** Where the folders of the organizations are. */
export function filesDirOf({ filesDir, dataDir }: Pick<Config, 'filesDir' | 'dataDir'>): string {
  return filesDir ?? join(dataDir, 'files');
}

/** Whether a path stays below where it begins. What it leads to is looked at when it is used. */
export function isPathBelow(path: string): boolean {
  return !/^[/\\]|\\|^[A-Za-z]:/.test(path) && !path.split('/').includes('..');
}

/**
 * A file or folder of an organization on this machine, with every link followed: each organization has a folder of its
 * own below `filesDir`, and nothing leads out of it.
 *
 * @throws QueryError connection_failed where there is no such thing; it names no path of the machine.
 */
export function pathOfFiles(filesDir: string, organization: Organization, path: string): string {
  const found = findFile(filesDir, organization, path);
  if (found !== undefined) return found;
  throw new QueryError({
    code: 'connection_failed',
    message: `The organization's files do not include ${JSON.stringify(path)}.`,
  });
}

/** The same; undefined where there is no such thing. */
export function findFile(
  filesDir: string,
  { username }: Pick<Organization, 'username'>,
  path: string,
): string | undefined {
  try {
    const all = realpathSync(join(filesDir, username));
    const found = realpathSync(join(all, path));
    const isBelow = isPathBelow(path) && (found === all || found.startsWith(all + sep));
    return isBelow ? found : undefined;
  } catch {
    return undefined;
  }
}
