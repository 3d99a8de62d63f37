import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type PivotTexts, pivotOf } from '../../../src/charts/numbers-of.ts';
import type { SeriesPicture } from '../../../src/charts/picture.ts';
import type { Writers } from '../../../src/charts/writers.ts';
import type { PivotCells, PivotRange } from '../api/pictures.ts';

const ROWS = 50;
const COLUMNS = 40;
/** Blocks out of sight are kept for so long. */
const KEPT_MS = 60_000;

export type Window = { first: number; end: number };

/** A part of a pivot table as texts, and where it begins. */
export type PivotBlock = { texts: PivotTexts; row: number; column: number };

/** A pivot table in blocks: its first part is here, and others are read as they come into sight. */
export function usePivotBlocks(
  first: SeriesPicture,
  cells: PivotCells | undefined,
  { rows, columns }: { rows: Window; columns: Window },
  writers: Writers,
) {
  const textsOf = useMemo(() => {
    const known = new WeakMap<SeriesPicture, PivotTexts>();
    return (picture: SeriesPicture) => {
      const texts = known.get(picture) ?? pivotOf(picture, writers);
      known.set(picture, texts);
      return texts;
    };
  }, [writers]);
  const isHere = ({ offset, column_offset: column }: PivotRange) =>
    first.part === undefined ||
    (offset + ROWS <= first.series.length && column + COLUMNS <= first.x.values.length);
  const wanted = blocksIn(rows, ROWS).flatMap((offset) =>
    blocksIn(columns, COLUMNS).map((column) => rangeAt(offset, column)),
  );
  const missing = cells === undefined ? [] : wanted.filter((range) => !isHere(range));
  const found = useQueries({
    queries: missing.map((range) => ({
      queryKey: [...(cells?.key ?? []), 'cells', range.offset, range.column_offset],
      queryFn: ({ signal }: { signal: AbortSignal }) => (cells as PivotCells).read(range, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: KEPT_MS,
    })),
  });
  /** The block that has a cell; undefined while it is not there yet. */
  const blockAt = (row: number, column: number): PivotBlock | undefined => {
    const range = rangeAt(row - (row % ROWS), column - (column % COLUMNS));
    if (cells === undefined || isHere(range)) return { texts: textsOf(first), row: 0, column: 0 };
    const place = missing.findIndex(
      (one) => one.offset === range.offset && one.column_offset === range.column_offset,
    );
    const picture = found[place]?.data;
    return picture && { texts: textsOf(picture), row: range.offset, column: range.column_offset };
  };
  return { first: textsOf(first), blockAt, error: found.find(({ error }) => error)?.error };
}

const rangeAt = (offset: number, column: number): PivotRange => ({
  offset,
  limit: ROWS,
  column_offset: column,
  column_limit: COLUMNS,
});

/** Where the blocks begin that a window touches. */
function blocksIn({ first, end }: Window, size: number): number[] {
  const start = Math.floor(first / size);
  const count = Math.ceil(end / size) - start;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (start + index) * size);
}
