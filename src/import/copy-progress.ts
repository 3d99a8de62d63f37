import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ListName } from '../client/index.ts';

/** How far the copy of one list is. */
export type ListProgress = {
  nextPage: number;
  /** How much of the staged file is good; what lies behind it was not finished. */
  bytes: number;
  rows: number;
  /** How many rows the source last said that there are. */
  totalCount: number;
  /** Whether it ever said another number: rows came or went while the list was read. */
  hasChanged: boolean;
  /** Stands for the rows of the last page. */
  lastPage: string;
  /** Stands for the tokens of all pages in their order; undefined where the source sends cursors, and so skips no row. */
  order: string | undefined;
  isComplete: boolean;
  /** Whether a second reading had the same rows in the same order. */
  isConfirmed: boolean;
};

/** How far a copy is; lists that are not begun are absent. */
export type CopyProgress = {
  version: 3;
  startedAt: string;
  /** Stands for what the credential is: another one may see other rows. */
  credential: string | undefined;
  /** Where the source's changes stood when the copy began; undefined where it does not say. */
  cursor: string | undefined;
  lists: Partial<Record<ListName, ListProgress>>;
};

/** The progress kept in a folder; undefined where there is none that this version can read. */
export function readProgress(folder: string): CopyProgress | undefined {
  const path = progressFile(folder);
  if (!existsSync(path)) return undefined;
  try {
    const progress: CopyProgress = JSON.parse(readFileSync(path, 'utf8'));
    return progress.version === 3 ? progress : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the progress kept in a folder: after a crash at any moment, the old or the new one is there, whole. */
export function writeProgress(folder: string, progress: CopyProgress): void {
  const path = progressFile(folder);
  const temporary = `${path}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(descriptor, JSON.stringify(progress, null, 2));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

function progressFile(folder: string): string {
  return join(folder, 'progress.json');
}
