import { useRef, useState } from 'react';
import type { Row } from './columns.ts';
import type { GridColumn } from './grid-columns.ts';
import type { GridTotal } from './grid-totals.ts';

const MIN_WIDTH = 56;
const MAX_WIDTH = 340;
const CHARACTER = 8.2;
const PADDING = 28;
/** The rows that a column's width is made for. */
const MAX_SAMPLE = 100;

/**
 * Widths of columns. They stay as they are whatever rows come into sight, until the reader changes one; but a column of
 * numbers grows with them, because a number that is cut off would be read as another.
 */
export function useColumnWidths(
  columns: readonly GridColumn[],
  sample: readonly Row[],
  inSight: readonly Row[],
  totals: ReadonlyMap<number, GridTotal>,
) {
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map());
  const fitting = useRef(new Map<number, number>());
  const widths = columns.map((column) => {
    const { place, isNumber } = column;
    const known = fitting.current.get(place);
    const rows = known === undefined ? sample.slice(0, MAX_SAMPLE) : isNumber ? inSight : [];
    const total = totals.get(place)?.text.length ?? 0;
    const width = Math.max(known ?? 0, widthFor(column, rows, total));
    fitting.current.set(place, width);
    return chosen.get(place) ?? width;
  });
  const choose = (place: number, width: number | undefined) =>
    setChosen((now) => {
      const next = new Map(now);
      if (width === undefined) next.delete(place);
      else next.set(place, Math.max(MIN_WIDTH, Math.round(width)));
      return next;
    });
  return { widths, choose };
}

function widthFor(
  { place, title, isNumber, write }: GridColumn,
  rows: readonly Row[],
  total: number,
): number {
  const lengths = rows.map((row) => write(row[place])?.length ?? 0);
  const longest = Math.max(title.length + 2, total, ...lengths);
  const width = Math.max(MIN_WIDTH, Math.round(longest * CHARACTER + PADDING));
  return isNumber ? width : Math.min(MAX_WIDTH, width);
}
