import { useMemo, useState } from 'react';
import type { Total } from '../../../src/charts/picture.ts';
import { words } from '../words.ts';
import type { Column, Rows } from './columns.ts';
import type { Formats } from './format.ts';
import { allColumns, asTheyAre, gridColumns } from './grid-columns.ts';
import { type GridOrder, ResultGrid } from './result-grid.tsx';

/** Rows that are all here, sorted in the browser. */
export function ResultTable({
  columns: given,
  rows,
  label = words.result,
  only = allColumns,
  formats = asTheyAre,
  totals,
}: {
  columns: readonly Column[];
  rows: Rows;
  /** What tells it from other tables of the page. */
  label?: string;
  /** The columns to show, in this order; none for all. */
  only?: readonly string[] | undefined;
  formats?: Formats | undefined;
  totals?: readonly Total[] | undefined;
}) {
  const columns = useMemo(() => gridColumns(given, only, formats), [given, only, formats]);
  const [order, setOrder] = useState<GridOrder>();
  const sorted = useMemo(() => sort(rows, order), [rows, order]);
  return (
    <ResultGrid
      columns={columns}
      rows={{
        count: sorted.length,
        rowAt: (index) => sorted[index],
        readRows: async (first, count) => sorted.slice(first, first + count),
        sample: rows,
      }}
      order={order}
      onOrder={setOrder}
      label={label}
      view={JSON.stringify(order) ?? ''}
      totals={totals}
    />
  );
}

function sort(rows: Rows, order: GridOrder): Rows {
  if (order === undefined) return rows;
  const { column, isDown } = order;
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  return rows.toSorted((a, b) => {
    const [left, right] = [a[column] ?? null, b[column] ?? null];
    // What is empty stands last, whichever way the rest is sorted.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const found =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compare(String(left), String(right));
    return isDown ? -found : found;
  });
}
