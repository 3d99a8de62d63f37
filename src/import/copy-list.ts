import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type RollcallClient, RollcallError } from '../client/index.ts';
import type { List } from '../inventory/lists.ts';
import type { ListProgress } from './copy-progress.ts';
import { type Proof, WHOLE } from './source-list.ts';
import { readStaged, StagedList, stagedFile } from './staged-list.ts';

/** What became of one list. */
export type CopiedList = {
  /** How many rows are staged. No token is staged twice. */
  rows: number;
  /** How many there are at the source, by what it said last. */
  totalCount: number;
  /** Whether every row of the source is staged, by what it said on each page. */
  proof: Proof;
  /** Why the list was left out; undefined where it was copied. */
  skipped: string | undefined;
};

const NOT_BEGUN: ListProgress = {
  nextPage: 1,
  bytes: 0,
  rows: 0,
  totalCount: 0,
  hasChanged: false,
  lastPage: '',
  order: '',
  isComplete: false,
  isConfirmed: false,
};

type Parts = {
  client: RollcallClient;
  folder: string;
  signal: AbortSignal | undefined;
  /** Whether a list of several pages is read twice, where the source does not say by itself what has changed. */
  isToConfirm: boolean;
  /** Keeps how far the list is; undefined where it was left out. */
  save: (progress: ListProgress | undefined) => void;
};

/** Copies a list to its staged file, from where `begun` ends. A list that the source cannot serve is left out. */
export async function copyList(
  list: List,
  begun: ListProgress | undefined,
  parts: Parts,
): Promise<CopiedList> {
  try {
    const progress = await confirm(list, await copyPages(list, begun ?? NOT_BEGUN, parts), parts);
    const { rows, totalCount } = progress;
    return { rows, totalCount, proof: proofOf(list, progress), skipped: undefined };
  } catch (error) {
    const skipped = reasonToSkip(list, error);
    if (skipped === undefined) throw error;
    rmSync(stagedFile(parts.folder, list), { force: true });
    parts.save(undefined);
    const proof: Proof = { isWhole: false, because: skipped, canBeTold: false };
    return { rows: 0, totalCount: 0, proof, skipped };
  }
}

function proofOf({ name }: List, { rows, totalCount, hasChanged }: ListProgress): Proof {
  const not = (because: string, canBeTold: boolean) =>
    ({ isWhole: false, because, canBeTold }) as const;
  if (rows !== totalCount) return not(`only ${rows} of ${totalCount} ${name} could be read`, false);
  return hasChanged ? not(`${name} changed while they were read`, true) : WHOLE;
}

/** Stands for rows: others have another one. */
export function fingerprint(rows: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 32);
}

async function copyPages(
  list: List,
  begun: ListProgress,
  { client, folder, signal, save }: Parts,
): Promise<ListProgress> {
  const staged = new StagedList(folder, list, begun.bytes);
  try {
    if (begun.isComplete) return begun;
    const tokens = new Set<unknown>();
    for await (const row of readStaged(folder, list)) tokens.add(row[list.tokenField]);
    let progress = begun;
    // The size of a page is left to the source: its documentation contradicts itself on whether 1,000 may be asked for.
    const { nextPage: page } = begun;
    for await (const { rows, pagination, cursor } of client.pages(list.name, {
      includeSpaces: 'all',
      page,
      signal,
    })) {
      // Rows that shift to a later page while the copy runs come again there. A row without a token is for the import
      // to refuse.
      const fresh = (rows as readonly Record<string, unknown>[]).filter((row) => {
        const token = row[list.tokenField];
        return typeof token !== 'string' || (!tokens.has(token) && tokens.add(token));
      });
      progress = {
        nextPage: pagination.page + 1,
        bytes: staged.append(fresh),
        rows: progress.rows + fresh.length,
        totalCount: pagination.total_count,
        hasChanged:
          progress.hasChanged ||
          (progress.nextPage > 1 && pagination.total_count !== progress.totalCount),
        lastPage: fingerprint(rows),
        order: cursor === undefined ? withPage(progress.order, list, rows) : undefined,
        isComplete: false,
        isConfirmed: false,
      };
      save(progress);
    }
    const complete = { ...progress, isComplete: true };
    save(complete);
    return complete;
  } finally {
    staged.close();
  }
}

/**
 * Reads the pages of a list once more. Where one row is deleted and another added while the pages are read, the rows shift, one
 * is skipped, and the total stays the same; a second reading then has another order.
 */
async function confirm(
  list: List,
  copied: ListProgress,
  { client, signal, isToConfirm, save }: Parts,
): Promise<ListProgress> {
  const isOnePage = copied.nextPage <= 2;
  const isUnproven = copied.hasChanged || copied.rows !== copied.totalCount;
  const isKnown = copied.isConfirmed || isOnePage || isUnproven || copied.order === undefined;
  if (!isToConfirm || isKnown) return copied;
  let order: string | undefined = '';
  for await (const { rows } of client.pages(list.name, { includeSpaces: 'all', signal }))
    order = withPage(order, list, rows);
  const isSame = order === copied.order;
  const confirmed = { ...copied, isConfirmed: isSame, hasChanged: !isSame };
  save(confirmed);
  return confirmed;
}

/** Stands for the tokens of some pages, and of one more. */
function withPage(
  order: string | undefined,
  { tokenField }: List,
  rows: readonly unknown[],
): string | undefined {
  if (order === undefined) return undefined;
  return fingerprint([order, ...rows.map((row) => (row as Record<string, unknown>)[tokenField])]);
}

/** Words for a list that the source does not have, or has not been able to serve for long; else undefined. */
function reasonToSkip({ name }: List, error: unknown): string | undefined {
  if (!(error instanceof RollcallError)) return undefined;
  // Reports are what everything else belongs to: a source without them has no such organization.
  if (error.status === 404 && name !== 'reports') return `The server has no list ${name}.`;
  // Known from servers whose other lists work, for weeks at a time; no other list needs it.
  if (error.status === 503 && name === 'members') {
    return `The server cannot list ${name} at the moment (${error.message}).`;
  }
  return undefined;
}
