import { lazy, Suspense, useState } from 'react';
import type { Column, Rows } from '../results/columns.ts';
import { ResultTable } from '../results/result-table.tsx';
import { words } from '../words.ts';
import { BigNumber } from './big-number.tsx';
import styles from './chart.module.css';
import { isDrawn } from './draw.ts';
import { filledPicture, type Picture } from './picture.ts';
import { PivotTable } from './pivot-table.tsx';

const DrawnChart = lazy(() => import('./drawn-chart.tsx'));

/** A chart with its title, and the same numbers as a table one key away. */
export function Chart({
  picture,
  title,
  columns,
  rows,
}: {
  picture: Picture;
  title: string | null;
  columns: readonly Column[];
  rows: Rows;
}) {
  const [asTable, setAsTable] = useState(false);
  const filled = filledPicture(picture, columns);
  const canTurn = filled.type !== 'table';
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.title}>
        <span>{title ?? words.untitled}</span>
        {canTurn && (
          <button type="button" className={styles.turn} onClick={() => setAsTable(!asTable)}>
            {asTable ? words.showChart : words.showNumbers}
          </button>
        )}
      </figcaption>
      {rows.length === 0 ? (
        <p className={styles.none}>{words.noRows}</p>
      ) : asTable || !canTurn ? (
        <ResultTable
          columns={columns}
          rows={rows}
          label={words.resultOf(title ?? words.untitled)}
          only={canTurn ? undefined : picture.columns}
          formats={picture.formats}
        />
      ) : filled.type === 'bigNumber' || filled.type === 'bigValue' ? (
        <BigNumber picture={filled} columns={columns} rows={rows} />
      ) : filled.type === 'pivotTable' ? (
        <PivotTable picture={filled} columns={columns} rows={rows} />
      ) : isDrawn(filled.type) && filled.y.length + filled.y2.length > 0 ? (
        <Suspense fallback={<div className={styles.canvas} />}>
          <DrawnChart
            picture={filled}
            title={title ?? words.untitled}
            columns={columns}
            rows={rows}
          />
        </Suspense>
      ) : (
        <ResultTable
          columns={columns}
          rows={rows}
          label={words.resultOf(title ?? words.untitled)}
          formats={picture.formats}
        />
      )}
    </figure>
  );
}
