import { renameSync, rmSync } from 'node:fs';
import { storageFaultOf } from '../storage-fault.ts';

/** Removes whatever has this name, though it be a folder; where the disk does not let go of it, it stays. */
export function removeWhereAllowed(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (storageFaultOf(error) === undefined) throw error;
  }
}

/** Gives a file that is all written its name; whatever had it is gone. @throws as the disk does */
export function putInPlace(made: string, path: string): void {
  try {
    renameSync(made, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    rmSync(path, { recursive: true });
    renameSync(made, path);
  }
}
