import type { Cells } from '../../api/roll-call.ts';

/** Cells as a strip shows them, with the spaces that follow each other in it; a gap parts two of them. */
export type StripCells = Cells & { spaces: string[] };

const GAP = ' ';

/** Several strips as one. */
export function joined(strips: readonly StripCells[]): StripCells {
  return {
    tokens: strips.flatMap(({ tokens }, index) => (index === 0 ? tokens : ['', ...tokens])),
    names: strips.flatMap(({ names }, index) => (index === 0 ? names : [null, ...names])),
    states: strips.map(({ states }) => states).join(GAP),
    spaces: strips.flatMap(({ spaces }) => spaces),
  };
}

/** The report of a cell; none where there is a gap. */
export function reportAt(
  { tokens, names, states, spaces }: StripCells,
  index: number,
): { token: string; name: string | null; state: string; space: string } | undefined {
  const state = states.charAt(index);
  const token = tokens[index];
  if (token === undefined || state === GAP) return undefined;
  const gaps = states.slice(0, index).split(GAP).length - 1;
  return { token, name: names[index] ?? null, state, space: spaces[gaps] ?? '' };
}
