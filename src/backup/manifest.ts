import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../errors.ts';

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

/** @throws UserError where the folder holds no backup. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new UserError(
      `There is no backup in ${folder}: ${MANIFEST_FILE} is missing. Name a folder that "rollcall backup" made.`,
    );
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
