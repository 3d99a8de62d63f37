import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import { countRows } from '../inventory/row-store.ts';
import { listOrganizations } from '../organizations/organization-store.ts';

/** The files of a backup, in a folder of its own. */
export const STORE_FILE = 'rollcall.sqlite';
export const MANIFEST_FILE = 'manifest.json';

/** What a backup holds, as it is written beside it. */
export type Manifest = {
  /** The version of Rollcall that made it. */
  version: string;
  /** The last migration that the store had. */
  schema: string;
  made_at: string;
  bytes: number;
  sha256: string;
  organizations: { username: string; rows: Record<string, number> }[];
};

/**
 * What a backup says of itself, where all its parts are there.
 *
 * @throws UserError where the folder holds no backup, or a part of one.
 */
export function readManifest(folder: string): Manifest {
  const folderStats = statSync(folder, { throwIfNoEntry: false });
  if (!folderStats?.isDirectory()) {
    const what =
      folderStats === undefined ? 'There is no folder' : 'There is a file instead of a folder';
    throw new UserError(`${what} ${folder}. Name a folder created by "rollcall backup".`);
  }
  for (const name of [MANIFEST_FILE, STORE_FILE]) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile()) continue;
    throw new UserError(
      `There is no backup in ${folder}: ${name} is ${stats ? 'not a file' : 'missing'}. ` +
        'Name a complete folder created by "rollcall backup".',
    );
  }
  const manifest = parseManifest(readFileSync(join(folder, MANIFEST_FILE), 'utf8'));
  if (manifest === undefined) {
    throw damaged(folder, `its ${MANIFEST_FILE} was not written by "rollcall backup"`);
  }
  const { size } = statSync(join(folder, STORE_FILE));
  if (size !== manifest.bytes) {
    throw damaged(
      folder,
      `${STORE_FILE} has ${size} bytes, but its manifest says ${manifest.bytes}`,
    );
  }
  return manifest;
}

/** What a manifest says of the organizations of a store. */
export async function describeOrganizations(
  database: Database,
): Promise<Manifest['organizations']> {
  const organizations = [];
  for (const { id, username } of await listOrganizations(database)) {
    const counts = Object.entries(await countRows(database, id));
    organizations.push({
      username,
      rows: Object.fromEntries(counts.map(([list, { all }]) => [list, all])),
    });
  }
  return organizations;
}

/** Where a store holds something else than its manifest says, in words; undefined where it does not. */
export function differenceOf(
  { organizations: stated }: Manifest,
  found: Manifest['organizations'],
): string | undefined {
  const usernames = new Set([...stated, ...found].map(({ username }) => username));
  for (const username of usernames) {
    const [ofManifest, ofStore] = [stated, found].map((all) =>
      all.find((one) => one.username === username),
    );
    if (ofStore === undefined)
      return `its manifest names the organization ${quoted(username)}, which ${STORE_FILE} lacks`;
    if (ofManifest === undefined)
      return `${STORE_FILE} has the organization ${quoted(username)}, which its manifest lacks`;
    const lists = new Set([...Object.keys(ofManifest.rows), ...Object.keys(ofStore.rows)]);
    for (const list of lists) {
      const [wanted = 0, actual = 0] = [ofManifest.rows[list], ofStore.rows[list]];
      if (wanted !== actual)
        return `${STORE_FILE} has ${actual} ${list} of ${username}, but its manifest says ${wanted}`;
    }
  }
  return undefined;
}

/** Why a backup is not restored. */
export function damaged(folder: string, why: string): UserError {
  return new UserError(
    `The backup in ${folder} is damaged: ${why}. Nothing was changed. Use another backup.`,
  );
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    return isManifest(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (!isObject(value)) return false;
  const { version, schema, made_at, bytes, sha256, organizations } = value;
  return (
    [version, schema, made_at].every((text) => typeof text === 'string') &&
    typeof bytes === 'number' &&
    /^[\da-f]{64}$/.test(String(sha256)) &&
    Array.isArray(organizations) &&
    organizations.every(
      (one) =>
        isObject(one) &&
        typeof one.username === 'string' &&
        isObject(one.rows) &&
        Object.values(one.rows).every((count) => typeof count === 'number'),
    )
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
