import type { CSSProperties } from 'react';
import { type Column, cellWriter, type Rows } from '../results/columns.ts';
import { words } from '../words.ts';
import styles from './chart.module.css';
import type { Picture } from './picture.ts';

/** The first value of a column, large. */
export function BigNumber({
  picture,
  columns,
  rows,
}: {
  picture: Picture;
  columns: readonly Column[];
  rows: Rows;
}) {
  const place = columns.findIndex((column) => column.name === (picture.y[0] ?? columns[0]?.name));
  const column = columns[place];
  if (column === undefined) return null;
  const write = cellWriter(column, picture.formats[column.name]);
  const text = write(rows[0]?.[place]) ?? words.emptyCell;
  return (
    <div className={styles.room}>
      <p className={styles.big} style={{ '--length': text.length } as CSSProperties}>
        {text}
      </p>
    </div>
  );
}
