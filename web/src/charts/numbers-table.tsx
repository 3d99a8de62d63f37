import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { NumbersTable as Table } from '../../../src/charts/numbers-of.ts';
import { classes } from '../parts/classes.ts';
import { MOST_PRINTED_ROWS, usePrinting } from '../parts/use-printing.ts';
import { words } from '../words.ts';
import styles from './numbers-table.module.css';

const ROW_HEIGHT = 28;

/** The numbers of a picture: all rows, of which those in sight are drawn. Names of rows and columns stay in sight. */
export function NumbersTable({ table, label }: { table: Table; label: string }) {
  const { columns, names, rows } = table;
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const isPrinting = usePrinting();
  const inWindow = virtual.getVirtualItems();
  const printed = rows.slice(0, MOST_PRINTED_ROWS).map((_, index) => ({ index }));
  const shown = isPrinting ? printed : inWindow;
  const before = isPrinting ? 0 : (inWindow[0]?.start ?? 0);
  const after = isPrinting ? 0 : virtual.getTotalSize() - (inWindow.at(-1)?.end ?? 0);
  return (
    <>
      <section
        ref={scroller}
        className={classes(styles.scroller, 'whole-on-paper')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: readers scroll it by keyboard.
        tabIndex={0}
        aria-label={label}
      >
        <table className={styles.table} aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {columns.map(({ title, isNumber }, place) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: two columns can have one title.
                  key={place}
                  scope="col"
                  className={isNumber ? styles.number : undefined}
                  title={title}
                >
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr style={{ height: before }} />}
            {shown.map(({ index }) => (
              <tr key={index} aria-rowindex={index + 2}>
                {rows[index]?.map((text, place) => {
                  const className = columns[place]?.isNumber ? styles.number : undefined;
                  return place < names ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name.
                    <th key={place} scope="row" className={className} title={text}>
                      {text}
                    </th>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name.
                    <td key={place} className={className}>
                      {text}
                    </td>
                  );
                })}
              </tr>
            ))}
            {after > 0 && <tr style={{ height: after }} />}
          </tbody>
        </table>
      </section>
      {isPrinting && printed.length < rows.length && (
        <p className="faint">{words.table.printed(printed.length, rows.length)}</p>
      )}
    </>
  );
}
