import { inTurns } from '../in-turns.ts';
import { type Figure, type Line, milliseconds } from '../line.ts';
import { load } from '../load.ts';
import { loadNeverAsked } from '../never-asked.ts';
import { itsBeginning, itsEnd, type Part, pageOf, pagesOf } from '../reports-pages.ts';
import type { Settings } from '../settings.ts';
import { type Filled, type Store, serve, sqliteStore, targetOf } from '../store.ts';

/** Whether a page costs the same wherever it stands, and however many there are. */
export const flatness: Figure = {
  ids: ['G4', 'G5'],
  measure: async (settings) => measureFlatness(settings, await sqliteStore(settings), ['G4', 'G5']),
};

/** The same for pages that were asked for before, of the small organization. */
export const smallFlatness: Figure = {
  ids: ['D2'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    await using server = await serve(store);
    const target = targetOf(server, store.small);
    const page = (number: number) => () =>
      load(target, {
        connections: 1,
        seconds: settings.seconds,
        paths: [pageOf(store.small, number)],
      });
    const { first, last } = await inTurns(settings.rounds, {
      first: page(1),
      last: page(pagesOf(store.small)),
    });
    return [
      ratio(
        'D2',
        `last page / first page of ${reports(store.small)}, asked again`,
        last,
        first,
        1.2,
      ),
    ];
  },
};

export async function measureFlatness(
  { rounds, seconds }: Settings,
  store: Store,
  [depthId, sizeId]: [string, string],
): Promise<Line[]> {
  const pages = (filled: Filled, part: Part) => () =>
    loadNeverAsked(store, filled, { connections: 1, seconds, part });
  const { first, last, small } = await inTurns(rounds, {
    first: pages(store.big, itsBeginning),
    last: pages(store.big, itsEnd),
    small: pages(store.small, itsBeginning),
  });
  return [
    ratio(
      depthId,
      `last pages / first pages of ${reports(store.big)}, never asked before`,
      last,
      first,
      1.1,
    ),
    ratio(
      sizeId,
      `first pages of ${reports(store.big)} / of ${reports(store.small)}, never asked before`,
      first,
      small,
      1.1,
    ),
  ];
}

function ratio(
  id: string,
  what: string,
  ours: { p50Ms: number },
  anchor: { p50Ms: number },
  atMost: number,
): Line {
  return {
    id,
    what,
    ours: milliseconds(ours.p50Ms),
    anchor: milliseconds(anchor.p50Ms),
    value: ours.p50Ms / anchor.p50Ms,
    goal: { atMost },
  };
}

const reports = (filled: Filled): string => filled.reports.toLocaleString('en');
