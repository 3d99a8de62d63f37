import { type Ask, type Load, load } from './load.ts';
import { differentPages, type Part, wholeList } from './reports-pages.ts';
import { type Filled, type Store, serve, targetOf } from './store.ts';

/** More pages a second than a server sends. */
const MOST_PER_SECOND = { 1: 8_000, 8: 12_000 };
/** For so long Node goes on making its code faster. */
const WARM_SECONDS = 6;
const WARM_PAGES = 60_000;
const WARM_PER_PAGE = 60;

export type NeverAsked = { connections: 1 | 8; seconds: number; part: Part };

/**
 * Loads a server with pages that nobody asked it for since it started, so that no page can come from its memory. It is
 * a new one each time, warmed up with small pages that nobody asked it for either.
 */
export async function loadNeverAsked(store: Store, filled: Filled, ask: NeverAsked): Promise<Load> {
  await using server = await serve(store);
  const target = targetOf(server, filled);
  const { paths } = differentPages(filled, WARM_PAGES, wholeList, WARM_PER_PAGE);
  await load(target, { connections: 8, seconds: WARM_SECONDS, paths });
  return await load(target, askFor(filled, ask)); // awaited here, while the server runs
}

/** What asks for pages, none of them twice. */
export function askFor(filled: Filled, { connections, seconds, part }: NeverAsked): Ask {
  const count = MOST_PER_SECOND[connections] * seconds;
  const { paths } = differentPages(filled, count, part);
  return { connections, seconds, paths, once: true };
}

/** How many reports such a page has, taken over all. */
export function perPageOf(filled: Filled, { connections, seconds, part }: NeverAsked): number {
  return differentPages(filled, MOST_PER_SECOND[connections] * seconds, part).perPage;
}
