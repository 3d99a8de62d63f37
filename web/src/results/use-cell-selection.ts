import { type KeyboardEvent, useState } from 'react';
import { copyText } from '../parts/copy-text.ts';
import { say } from '../parts/toast.tsx';
import { words } from '../words.ts';
import type { Row } from './columns.ts';
import type { GridColumn } from './grid-columns.ts';

/** More rows are better downloaded. */
const MAX_COPIED = 10_000;

export type Place = { row: number; column: number };
export type CellRange = { rows: [number, number]; columns: [number, number] };

/** The cells that are selected to be copied: a rectangle from the first to the last one. */
export function useCellSelection({
  columns,
  count,
  readRows,
  reveal,
}: {
  columns: readonly GridColumn[];
  count: number;
  readRows: (first: number, count: number) => Promise<readonly Row[]>;
  /** Brings a row into sight. */
  reveal: (row: number) => void;
}) {
  const [ends, setEnds] = useState<{ from: Place; to: Place }>();
  const range = ends && count > 0 ? rangeOf(ends.from, ends.to) : undefined;

  const select = (to: Place, extends_: boolean) =>
    setEnds((now) => ({ from: extends_ && now ? now.from : to, to }));

  const copy = async () => {
    if (range === undefined) return;
    const [first, last] = range.rows;
    const rows = await readRows(first, Math.min(last - first + 1, MAX_COPIED));
    const shown = columns.slice(range.columns[0], range.columns[1] + 1);
    const text = rows.map((row) => shown.map(({ place }) => plain(row[place])).join('\t'));
    const isCopied = await copyText(text.join('\n'));
    say(isCopied ? words.table.copied(rows.length * shown.length) : words.table.notCopied);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    if (event.target !== event.currentTarget) return;
    if ((event.ctrlKey || event.metaKey) && key === 'c' && range) {
      event.preventDefault();
      void copy();
      return;
    }
    if (key === 'Escape' && ends) return setEnds(undefined);
    if (key === 'Enter' && !ends && count > 0) return select({ row: 0, column: 0 }, false);
    const step = steps[key];
    if (step === undefined || ends === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = {
      row: within(ends.to.row + step[0], count),
      column: within(ends.to.column + step[1], columns.length),
    };
    select(to, shiftKey);
    reveal(to.row);
  };
  return { range, select, onKeyDown };
}

const steps: Record<string, [number, number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

const within = (at: number, count: number) => Math.max(0, Math.min(at, count - 1));
const inOrder = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);

function rangeOf(from: Place, to: Place): CellRange {
  return { rows: inOrder(from.row, to.row), columns: inOrder(from.column, to.column) };
}

/** All of a cell, as a spreadsheet takes it in one cell. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
