import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomIdentifiers } from '../identifiers.ts';
import { storageFaultOf } from '../storage-fault.ts';
import { HeldFile } from './held-file.ts';
import { removeWhereAllowed } from './remove.ts';

/** A new file for the rows of a list. `path` is what the names of its files begin with. */
export function newRowsFile(path: string): HeldFile {
  // Somebody may have taken the folder away.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return new HeldFile(`${path}.${randomIdentifiers.token()}.rows`, 'wx+');
}

/**
 * The rows that an index belongs to. What was written after it was saved stays where it is: it may be on its way to somebody
 * who asked before the file was closed.
 */
export function openSaved(path: string, size: number): HeldFile | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || found.size < size) return undefined;
  try {
    return new HeldFile(path, 'r+');
  } catch (error) {
    if (storageFaultOf(error) !== 'read_only') throw error;
    return new HeldFile(path, 'r');
  }
}

/** Removes rows of the same list that no index belongs to, as a process leaves them that is killed. */
export function removeOthers(path: string, inUse: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const isOfList = name.startsWith(`${basename(path)}.`) && name.endsWith('.rows');
    if (isOfList && name !== basename(inUse)) removeWhereAllowed(join(folder, name));
  }
}
