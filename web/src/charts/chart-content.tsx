import { type CSSProperties, lazy, type ReactNode, Suspense, useMemo } from 'react';
import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import { lookOf } from '../../../src/charts/chart-types.ts';
import { numbersOf } from '../../../src/charts/numbers-of.ts';
import type { FigurePicture, Picture } from '../../../src/charts/picture.ts';
import { sayFigure } from '../../../src/charts/say-figure.ts';
import type { Writers } from '../../../src/charts/writers.ts';
import type { PivotCells } from '../api/pictures.ts';
import { words } from '../words.ts';
import styles from './chart.module.css';
import { NumbersTable } from './numbers-table.tsx';
import { PivotTable } from './pivot-table.tsx';

const DrawnChart = lazy(() => import('./drawn-chart.tsx'));

/** A chart as its author wrote it. */
export type ShownChart = {
  chart_type: string | null;
  chart_title: string | null;
  spec: ChartSpec | null;
};

/** What a chart shows: a drawing, a figure, a table, or a sentence why there is nothing to see. */
export function ChartContent({
  picture,
  chart: { chart_type: type },
  title,
  writers,
  asTable,
  summaryId,
  rows,
  cells,
}: {
  picture: Picture;
  chart: ShownChart;
  title: string;
  writers: Writers;
  asTable: boolean;
  summaryId: string;
  rows: ReactNode;
  cells: PivotCells | undefined;
}) {
  const isPivot = picture.kind === 'series' && lookOf(type).shape === 'pivot';
  const table = useMemo(() => {
    const hasNumbers = asTable && (picture.kind === 'series' || picture.kind === 'points');
    return hasNumbers ? numbersOf(picture, writers) : undefined;
  }, [picture, writers, asTable]);
  if (picture.kind === 'refused') return <p className={styles.none}>{picture.reason}</p>;
  if (picture.kind === 'rows') return rows;
  if (picture.kind === 'figure') return <BigNumber picture={picture} writers={writers} />;
  if (isPivot) {
    if (picture.series.length === 0) return <p className={styles.none}>{words.noRows}</p>;
    return (
      <PivotTable
        picture={picture}
        writers={writers}
        label={words.numbersOf(title)}
        cells={cells}
      />
    );
  }
  if (table) {
    if (table.rows.length === 0) return <p className={styles.none}>{words.noRows}</p>;
    return <NumbersTable table={table} label={words.numbersOf(title)} />;
  }
  return (
    <Suspense fallback={<div className={styles.canvas} />}>
      <DrawnChart
        picture={picture}
        type={type}
        writers={writers}
        title={title}
        summaryId={summaryId}
      />
    </Suspense>
  );
}

/** One value, large, and what it is compared with. */
function BigNumber({ picture, writers }: { picture: FigurePicture; writers: Writers }) {
  const { text, comparison } = sayFigure(picture, writers);
  return (
    <div className={styles.room}>
      <p className={styles.big} style={{ '--length': text.length } as CSSProperties}>
        {text}
      </p>
      {comparison && <p className={styles.comparison}>{comparison}</p>}
    </div>
  );
}
