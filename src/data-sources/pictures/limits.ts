import type { most } from '../../charts/most.ts';

/** How much a picture may show. */
export type Limits = { [Name in keyof typeof most]: number };

/** The same with less detail, for values that take many bytes. */
export function less(limits: Limits): Limits {
  const { points, places, dots, cells, columns, characters } = limits;
  const half = (count: number) => Math.max(1, Math.floor(count / 2));
  return {
    ...limits,
    points: half(points),
    places: half(places),
    dots: half(dots),
    cells: half(cells),
    columns: half(columns),
    characters: Math.max(20, half(characters)),
  };
}
