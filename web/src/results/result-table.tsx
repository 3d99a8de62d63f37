import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { words } from '../words.ts';
import { type Column, cellWriter, kindOf, placesOf, type Rows } from './columns.ts';
import { type Formats, titleOf } from './format.ts';
import styles from './result-table.module.css';

const ROW_HEIGHT = 28;

const all: readonly string[] = [];
const asTheyAre: Formats = {};

/** The rows of a result: as many as there are, of which only those in sight are drawn. */
export function ResultTable({
  columns: given,
  rows,
  label = words.result,
  only = all,
  formats = asTheyAre,
}: {
  columns: readonly Column[];
  rows: Rows;
  /** What tells it from other tables of the page. */
  label?: string;
  /** The columns to show, in this order; none for all. */
  only?: readonly string[] | undefined;
  formats?: Formats | undefined;
}) {
  const columns = useMemo(
    () =>
      placesOf(given, only).map((place) => {
        const column = given[place] as Column;
        const isNumber = kindOf(column) === 'number';
        const title = titleOf(column.name, formats);
        return {
          place,
          type: column.type,
          title,
          isNumber,
          write: cellWriter(column, formats[column.name]),
        };
      }),
    [given, only, formats],
  );
  const scroller = useRef<HTMLElement>(null);
  const [order, setOrder] = useState<{ column: number; isDown: boolean }>();
  const sorted = order === undefined ? rows : sort(rows, order);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const shown = virtual.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const turn = (column: number) =>
    setOrder((now) =>
      now?.column !== column
        ? { column, isDown: false }
        : now.isDown
          ? undefined
          : { column, isDown: true },
    );

  if (columns.length === 0) return null;
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls by keyboard has to reach it.
      tabIndex={0}
      aria-label={label}
    >
      <table className={styles.table} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map(({ place, type, title, isNumber }) => (
              <th
                key={place}
                className={isNumber ? styles.number : undefined}
                aria-sort={
                  order?.column === place ? (order.isDown ? 'descending' : 'ascending') : undefined
                }
              >
                <button type="button" onClick={() => turn(place)} title={type}>
                  {title}
                  {order?.column === place && (order.isDown ? ' ↓' : ' ↑')}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {shown.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2}>
              {columns.map(({ place, isNumber, write }) => (
                <td key={place} className={isNumber ? styles.number : undefined}>
                  {write(sorted[index]?.[place]) ?? (
                    <span className={styles.empty}>{words.emptyCell}</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </section>
  );
}

function sort(rows: Rows, { column, isDown }: { column: number; isDown: boolean }): Rows {
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
