import type { ListName } from '../client/index.ts';
import { lists } from '../inventory/lists.ts';
import type { CopiedList } from './copy-list.ts';
import { readStaged } from './staged-list.ts';

/** Why a copied list may not be all that there is, and which lists to read again to find out. */
export type Doubt = { list: ListName; because: string; readAgain: readonly ListName[] };

/** Which list names rows of which other one, and in which field. */
const NAMES: readonly { from: ListName; field: string; to: ListName }[] = [
  { from: 'report_stats', field: 'report_token', to: 'reports' },
  { from: 'queries', field: 'report_token', to: 'reports' },
  { from: 'charts', field: 'report_token', to: 'reports' },
  { from: 'charts', field: 'query_token', to: 'queries' },
];

/**
 * Holds the lists of one copy against each other: none may change while it is read, or lack what another one names.
 *
 * @param unlisted the token of a shared space that reports name and spaces lack; undefined where there is none.
 */
export async function compareLists(
  folder: string,
  copied: Record<ListName, CopiedList>,
  unlisted: string | undefined,
): Promise<Doubt[]> {
  const doubts: Doubt[] = [];
  for (const [list, { proof, skipped }] of Object.entries(copied) as [ListName, CopiedList][]) {
    if (proof.isWhole || skipped !== undefined) continue;
    doubts.push({ list, because: proof.because, readAgain: [list] });
  }
  if (unlisted !== undefined && copied.spaces.skipped === undefined) {
    const because = `reports refer to ${unlisted}, which spaces lack`;
    doubts.push({ list: 'spaces', because, readAgain: ['spaces', 'reports'] });
  }
  for (const [to, names] of Map.groupBy(NAMES, (one) => one.to)) {
    if (copied[to].skipped !== undefined) continue;
    const tokens = new Set<unknown>();
    for await (const row of readStaged(folder, lists[to])) tokens.add(row.token);
    for (const { from, field } of names) {
      for await (const { [field]: token } of readStaged(folder, lists[from])) {
        if (typeof token !== 'string' || tokens.has(token)) continue;
        const because = `${from} refer to ${token}, which ${to} lack`;
        doubts.push({ list: to, because, readAgain: [to, from] });
        break;
      }
    }
  }
  return doubts;
}
