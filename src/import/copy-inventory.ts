import { existsSync, mkdirSync, statSync } from 'node:fs';
import type { ListName, RollcallClient } from '../client/index.ts';
import { type Clock, DAY_MS, systemClock, wireTime } from '../clock.ts';
import { lists } from '../inventory/lists.ts';
import { compareLists, type Doubt } from './compare-lists.ts';
import { type CopiedList, copyList, fingerprint } from './copy-list.ts';
import { type CopyProgress, readProgress, writeProgress } from './copy-progress.ts';
import { stagePersonalSpaces } from './stage-personal-spaces.ts';
import { stagedFile } from './staged-list.ts';

export type CopyOptions = {
  /** Where the lists are staged as `LIST.ndjson`; always the same for the same source and organization. */
  folder: string;
  /** Stands for the credential of the client; a copy made with another one is not gone on with. */
  credential?: string;
  /** Copies everything again, whatever an earlier copy has. */
  isFresh?: boolean;
  /** Whether nothing can be deleted for want of a row: then no list is read twice to be sure of it. */
  isFirst?: boolean;
  /** Told after each page how many rows of the list are staged, of how many. */
  onProgress?: (list: ListName, rows: number, totalCount: number) => void;
  /** Told what a reader should know: that an older copy is used, that lists are read again. */
  say?: (text: string) => void;
  signal?: AbortSignal | undefined;
  clock?: Clock;
};

/** How often lists are read that do not agree. */
const MOST_READINGS = 3;

/**
 * Copies all lists of an organization, personal spaces included, to a folder. A copy that was broken off, even by a
 * kill, goes on where it was when it is called again, as long as the source is as it was. Lists that changed while they
 * were read, and those that do not agree, are read again, three times in all; what each proves in the end stands with
 * it.
 */
export async function copyInventory(
  client: RollcallClient,
  {
    folder,
    credential,
    isFresh = false,
    isFirst = false,
    onProgress,
    say = () => undefined,
    signal,
    clock = systemClock,
  }: CopyOptions,
): Promise<Record<ListName, CopiedList>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const resumed = isFresh
    ? undefined
    : await progressToResume({ client, folder, credential, signal, clock });
  if (resumed) say(resumedWords(resumed));
  const progress = resumed ?? (await startProgress({ client, folder, credential, signal, clock }));

  const copyOnce = async () => {
    const copied: Partial<Record<ListName, CopiedList>> = {};
    for (const list of Object.values(lists)) {
      const { name } = list;
      const begun = progress.lists[name];
      if (begun) onProgress?.(name, begun.rows, begun.totalCount);
      copied[name] = await copyList(list, begun, {
        client,
        folder,
        signal,
        isToConfirm: !isFirst,
        save(state) {
          if (state) progress.lists[name] = state;
          else delete progress.lists[name];
          writeProgress(folder, progress);
          if (state) onProgress?.(name, state.rows, state.totalCount);
        },
      });
    }
    const stagedBytes = progress.lists.spaces?.bytes ?? 0;
    const unlisted = await stagePersonalSpaces(client, { folder, stagedBytes, signal });
    return { copied: copied as Record<ListName, CopiedList>, unlisted };
  };

  for (let reading = 1, before = ''; ; reading++) {
    const { copied, unlisted } = await copyOnce();
    const doubts = await compareLists(folder, copied, unlisted);
    const because = doubts.map((doubt) => doubt.because).join('; ');
    // What is the same the second time is no change: the source is so.
    const isSettled = doubts.length === 0 || because === before;
    if (isSettled || reading === MOST_READINGS) return withDoubts(copied, doubts);
    before = because;
    say(`The lists of the source are inconsistent (${because}). Reading them again.`);
    for (const name of doubts.flatMap((doubt) => doubt.readAgain)) delete progress.lists[name];
    writeProgress(folder, progress);
  }
}

function withDoubts(
  copied: Record<ListName, CopiedList>,
  doubts: readonly Doubt[],
): Record<ListName, CopiedList> {
  const doubtful = { ...copied };
  for (const { list, because } of doubts) {
    if (!doubtful[list].proof.isWhole) continue;
    doubtful[list] = { ...copied[list], proof: { isWhole: false, because, canBeTold: true } };
  }
  return doubtful;
}

type Copying = Required<Pick<CopyOptions, 'folder' | 'clock'>> &
  Pick<CopyOptions, 'signal'> & { client: RollcallClient; credential: string | undefined };

/** Says that nothing is staged, before anything of an earlier copy is written over. */
async function startProgress({
  client,
  folder,
  credential,
  signal,
  clock,
}: Copying): Promise<CopyProgress> {
  const startedAt = wireTime(clock());
  const cursor = await currentCursor(client, signal);
  const progress: CopyProgress = { version: 3, startedAt, credential, cursor, lists: {} };
  writeProgress(folder, progress);
  return progress;
}

/** Where the changes of the source stand; undefined where it does not say. */
async function currentCursor(
  client: RollcallClient,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const asked = client.pages('reports', { includeSpaces: 'all', perPage: 1, signal });
  return (await asked.next()).value?.cursor;
}

/**
 * The progress of a copy that was broken off and can go on; undefined where it has to start anew. Pages are counted
 * from the start of a list: once rows were added or deleted before the place where the copy stopped, the next page is
 * no longer where it was, and rows would be missed. A server that tells changes says whether there was any. Of
 * another one, the last page of each list has to be as it was, and its total.
 */
async function progressToResume({
  client,
  folder,
  credential,
  signal,
  clock,
}: Copying): Promise<CopyProgress | undefined> {
  const progress = readProgress(folder);
  if (progress === undefined || progress.credential !== credential) return undefined;
  if (clock() - Date.parse(progress.startedAt) > DAY_MS) return undefined;
  const begun = Object.entries(progress.lists) as [
    ListName,
    (typeof progress.lists)[ListName] & {},
  ][];
  const isWhole = begun.length === Object.keys(lists).length;
  if (begun.length === 0 || (isWhole && begun.every(([, list]) => list.isComplete)))
    return undefined;
  for (const [name, { bytes }] of begun) {
    const path = stagedFile(folder, lists[name]);
    if (!existsSync(path) || statSync(path).size < bytes) return undefined;
  }
  if (progress.cursor !== undefined) {
    return (await currentCursor(client, signal)) === progress.cursor ? progress : undefined;
  }
  for (const [name, { nextPage, totalCount, lastPage }] of begun) {
    const page = nextPage - 1;
    const asked = client.pages(name, { includeSpaces: 'all', page, signal });
    const again = (await asked.next()).value;
    if (again?.pagination.total_count !== totalCount) return undefined;
    if (fingerprint(again.rows) !== lastPage) return undefined;
  }
  return progress;
}

function resumedWords({ startedAt, lists: begun }: CopyProgress): string {
  const parts = Object.entries(begun).map(([name, { rows, totalCount }]) =>
    rows === totalCount ? `${name} (${rows})` : `${name} (${rows} of ${totalCount})`,
  );
  return `Continuing the interrupted copy of ${startedAt}, which has ${parts.join(', ')}. Use --fresh to start over.`;
}
