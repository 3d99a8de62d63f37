import { existsSync, mkdirSync, statSync } from 'node:fs';
import type { ListName, RollcallClient } from '../client/index.ts';
import { type Clock, systemClock, wireTime } from '../clock.ts';
import { lists } from '../inventory/lists.ts';
import { type CopiedList, copyList } from './copy-list.ts';
import { type CopyProgress, readProgress, writeProgress } from './copy-progress.ts';
import { stagePersonalSpaces } from './stage-personal-spaces.ts';
import { stagedFile } from './staged-list.ts';

export type CopyOptions = {
  /** Where the lists are staged as `LIST.ndjson`; always the same for the same source and organization. */
  folder: string;
  /** Told after each page how many rows of the list are staged, of how many. */
  onProgress?: (list: ListName, rows: number, totalCount: number) => void;
  signal?: AbortSignal | undefined;
  clock?: Clock;
};

/**
 * Copies all lists of an organization, personal spaces included, to a folder. A copy that was broken off, even by a
 * kill, goes on where it was when it is called again. Whoever has used what is staged removes the folder: a copy that
 * is complete is not made again within a day.
 */
export async function copyInventory(
  client: RollcallClient,
  { folder, onProgress, signal, clock = systemClock }: CopyOptions,
): Promise<Record<ListName, CopiedList>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const progress =
    (await progressToResume(client, folder, signal, clock)) ?? startProgress(folder, clock);

  const copied: Partial<Record<ListName, CopiedList>> = {};
  for (const list of Object.values(lists)) {
    const { name } = list;
    const begun = progress.lists[name];
    if (begun) onProgress?.(name, begun.rows, begun.totalCount);
    copied[name] = await copyList(list, begun, {
      client,
      folder,
      signal,
      save(state) {
        if (state) progress.lists[name] = state;
        else delete progress.lists[name];
        writeProgress(folder, progress);
        if (state) onProgress?.(name, state.rows, state.totalCount);
      },
    });
  }
  const stagedBytes = progress.lists.spaces?.bytes ?? 0;
  await stagePersonalSpaces(client, { folder, stagedBytes, signal });
  return copied as Record<ListName, CopiedList>;
}

/** Says that nothing is staged, before anything of an earlier copy is written over. */
function startProgress(folder: string, clock: Clock): CopyProgress {
  const progress: CopyProgress = { version: 1, startedAt: wireTime(clock()), lists: {} };
  writeProgress(folder, progress);
  return progress;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The progress of a copy that can go on; undefined where it has to start anew. Pages are counted from the start of a
 * list: once rows were added or deleted before the place where the copy stopped, the next page is no longer where it
 * was, and rows would be missed. Another total says that this happened; equal totals say little about a list after
 * a day.
 */
async function progressToResume(
  client: RollcallClient,
  folder: string,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<CopyProgress | undefined> {
  const progress = readProgress(folder);
  if (progress === undefined) return undefined;
  if (clock() - Date.parse(progress.startedAt) > DAY_MS) return undefined;
  for (const [name, { bytes, totalCount }] of Object.entries(progress.lists)) {
    const list = lists[name as ListName];
    const path = stagedFile(folder, list);
    if (!existsSync(path) || statSync(path).size < bytes) return undefined;
    const asked = client.pages(list.name, { includeSpaces: 'all', perPage: 1, signal });
    const first = (await asked.next()).value;
    if (first?.pagination.total_count !== totalCount) return undefined;
  }
  return progress;
}
