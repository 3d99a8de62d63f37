import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { Total } from '../../../src/charts/picture.ts';
import { classes } from '../parts/classes.ts';
import { MOST_PRINTED_ROWS, usePrinting } from '../parts/use-printing.ts';
import { words } from '../words.ts';
import { useColumnWidths } from './column-widths.ts';
import type { Cell, Row, Rows } from './columns.ts';
import type { GridColumn } from './grid-columns.ts';
import { gridTotals } from './grid-totals.ts';
import styles from './result-grid.module.css';
import { type CellRange, useCellSelection } from './use-cell-selection.ts';
import { useRowWindow } from './use-row-window.ts';

const ROW_HEIGHT = 28;
/** By how much a key makes a column wider. */
const STEP = 16;

/** A column by its place, and which way it is sorted. */
export type GridOrder = { column: number; isDown: boolean } | undefined;

/** Rows of a result, of which those in sight may be on their way. */
export type GridRows = {
  count: number;
  /** Undefined while it is not there yet. */
  rowAt: (index: number) => Row | undefined;
  readRows: (first: number, count: number) => Promise<Rows>;
  /** Rows from which the widths of columns are made. */
  sample: Rows;
};

const noTotals: readonly Total[] = [];

/** What a click on a column's header does to the order. */
function nextOrder(now: GridOrder, column: number): GridOrder {
  if (now?.column !== column) return { column, isDown: false };
  return now.isDown ? undefined : { column, isDown: true };
}

/** A table of any number of rows, of which those in sight are drawn. */
export function ResultGrid({
  columns,
  rows: { count, rowAt, readRows, sample },
  order,
  onOrder,
  label,
  view,
  totals = noTotals,
  onWindow,
}: {
  columns: readonly GridColumn[];
  rows: GridRows;
  order: GridOrder;
  onOrder: (order: GridOrder) => void;
  label: string;
  /** What tells these rows and their order from others of the same result. */
  view: string;
  /** Of all of these rows. */
  totals?: readonly Total[] | undefined;
  /** Told which rows are drawn. */
  onWindow?: (first: number, end: number) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  const isPrinting = usePrinting();
  const inWindow = useRowWindow(scroller, count, ROW_HEIGHT);
  const { first, end, above, below } = isPrinting
    ? { first: 0, end: printedRows(count, rowAt), above: 0, below: 0 }
    : inWindow;
  useEffect(() => {
    if (!isPrinting) onWindow?.(first, end);
  }, [onWindow, isPrinting, first, end]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are looked at from their start.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [view]);
  const shown = Array.from({ length: Math.max(0, end - first) }, (_, index) => ({
    index: first + index,
    row: rowAt(first + index),
  }));
  const inSight = shown.flatMap(({ row }) => (row ? [row] : []));
  const shownTotals = useMemo(() => gridTotals(columns, totals), [columns, totals]);
  const { widths, choose } = useColumnWidths(columns, sample, inSight, shownTotals);
  const { range, select, onKeyDown } = useCellSelection({
    columns,
    count,
    readRows,
    reveal: (row) =>
      scroller.current
        ?.querySelector(`[aria-rowindex="${row + 2}"]`)
        ?.scrollIntoView({ block: 'nearest' }),
  });
  const isDragged = useRef(false);
  if (columns.length === 0) return null;
  return (
    <>
      <section
        ref={scroller}
        className={classes(styles.scroller, 'whole-on-paper')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls by keyboard has to reach it.
        tabIndex={0}
        aria-label={label}
        onKeyDown={onKeyDown}
        onPointerUp={() => {
          isDragged.current = false;
        }}
      >
        <table
          className={styles.table}
          aria-rowcount={count + 1}
          style={{ width: widths.reduce((sum, width) => sum + width, 0) }}
        >
          <colgroup>
            {columns.map(({ place }, index) => (
              <col key={place} style={{ width: widths[index] }} />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <Header
                  key={column.place}
                  column={column}
                  order={order}
                  onOrder={onOrder}
                  width={widths[index] as number}
                  onWidth={(width) => choose(column.place, width)}
                />
              ))}
              <td aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr style={{ height: above }} />}
            {shown.map(({ index, row }) => {
              return (
                <tr
                  key={index}
                  aria-rowindex={index + 2}
                  aria-busy={row === undefined || undefined}
                >
                  {columns.map((column, place) => (
                    <td
                      key={column.place}
                      className={classes(
                        column.isNumber && styles.number,
                        isIn(range, index, place) && styles.chosen,
                      )}
                      onPointerDown={({ button, shiftKey }) => {
                        if (button !== 0) return;
                        isDragged.current = true;
                        select({ row: index, column: place }, shiftKey);
                      }}
                      onPointerEnter={() => {
                        if (isDragged.current) select({ row: index, column: place }, true);
                      }}
                      title={row && titleFor(column, row[column.place])}
                    >
                      {row === undefined ? (
                        <span className={styles.coming} />
                      ) : (
                        <CellText column={column} value={row[column.place]} />
                      )}
                    </td>
                  ))}
                  <td aria-hidden="true" />
                </tr>
              );
            })}
            {below > 0 && <tr style={{ height: below }} />}
          </tbody>
          {shownTotals.size > 0 && (
            <tfoot>
              <tr>
                {columns.map(({ place, isNumber }) => {
                  const total = shownTotals.get(place);
                  return (
                    <td key={place} className={isNumber ? styles.number : undefined}>
                      {total && (
                        <>
                          <small>{total.name}</small>
                          <span title={total.text}>{total.text}</span>
                        </>
                      )}
                    </td>
                  );
                })}
                <td aria-hidden="true" />
              </tr>
            </tfoot>
          )}
        </table>
        <span className="out-of-sight" role="status">
          {range && words.table.chosen(sizeOf(range))}
        </span>
      </section>
      {isPrinting && end < count && (
        <p className="faint">{words.table.printed(end, count, shownTotals.size > 0)}</p>
      )}
    </>
  );
}

/** How many rows there are to print: from the first one, as far as they are here. */
function printedRows(count: number, rowAt: GridRows['rowAt']): number {
  let rows = 0;
  while (rows < Math.min(count, MOST_PRINTED_ROWS) && rowAt(rows) !== undefined) rows++;
  return rows;
}

function Header({
  column: { place, title, type, isNumber },
  order,
  onOrder,
  width,
  onWidth,
}: {
  column: GridColumn;
  order: GridOrder;
  onOrder: (order: GridOrder) => void;
  width: number;
  onWidth: (width: number | undefined) => void;
}) {
  const isSorted = order?.column === place;
  const startDrag = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    const start = event.clientX - width;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(moved.clientX - start);
    handle.addEventListener('pointermove', move);
    handle.addEventListener(
      'lostpointercapture',
      () => handle.removeEventListener('pointermove', move),
      { once: true },
    );
  };
  return (
    <th
      scope="col"
      className={isNumber ? styles.number : undefined}
      aria-sort={isSorted ? (order.isDown ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        onClick={() => onOrder(nextOrder(order, place))}
        onKeyDown={({ key, shiftKey }) => {
          if (!shiftKey) return;
          if (key === 'ArrowRight') onWidth(width + STEP);
          if (key === 'ArrowLeft') onWidth(width - STEP);
        }}
        title={words.table.header(title, type)}
      >
        {title}
        {isSorted && (order.isDown ? ' ↓' : ' ↑')}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same by keys. */}
      <span
        className={styles.handle}
        onPointerDown={startDrag}
        onDoubleClick={() => onWidth(undefined)}
      />
    </th>
  );
}

function CellText({ column, value }: { column: GridColumn; value: Cell | undefined }): ReactNode {
  const text = column.write(value);
  if (text === null) return <span className={styles.empty}>{words.emptyCell}</span>;
  if (!isLink(text)) return text;
  return (
    <a href={text} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}

function isLink(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

/** What does not fit its column is there to read on a hover. */
function titleFor(column: GridColumn, value: Cell | undefined): string | undefined {
  const text = column.write(value) ?? '';
  return text.length > 6 ? text.slice(0, 1_000) : undefined;
}

function isIn(range: CellRange | undefined, row: number, column: number): boolean {
  if (range === undefined) return false;
  const { rows, columns } = range;
  return rows[0] <= row && row <= rows[1] && columns[0] <= column && column <= columns[1];
}

function sizeOf({ rows, columns }: CellRange): number {
  return (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1);
}
