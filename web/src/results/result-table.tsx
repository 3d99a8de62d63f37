import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { words } from '../words.ts';
import { type Column, kindOf, type Rows, saidCell } from './columns.ts';
import styles from './result-table.module.css';

const ROW_HEIGHT = 28;

/** The rows of a result: as many as there are, of which only those in sight are drawn. */
export function ResultTable({ columns, rows }: { columns: readonly Column[]; rows: Rows }) {
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
      aria-label={words.result}
    >
      <table className={styles.table} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name and never move.
                key={index}
                className={kindOf(column) === 'number' ? styles.number : undefined}
                aria-sort={
                  order?.column === index ? (order.isDown ? 'descending' : 'ascending') : undefined
                }
              >
                <button type="button" onClick={() => turn(index)} title={column.type}>
                  {column.name}
                  {order?.column === index && (order.isDown ? ' ↓' : ' ↑')}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {shown.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2}>
              {columns.map((column, place) => {
                const text = saidCell(sorted[index]?.[place], column);
                return (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                    key={place}
                    className={kindOf(column) === 'number' ? styles.number : undefined}
                  >
                    {text ?? <span className={styles.empty}>{words.emptyCell}</span>}
                  </td>
                );
              })}
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
