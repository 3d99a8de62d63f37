import { type ReactNode, useId, useMemo, useState } from 'react';
import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import { lookOf } from '../../../src/charts/chart-types.ts';
import type { Picture } from '../../../src/charts/picture.ts';
import { sayNotes } from '../../../src/charts/say-notes.ts';
import { saySummary, sayTitle } from '../../../src/charts/say-summary.ts';
import { writersFor } from '../../../src/charts/writers.ts';
import type { PivotCells } from '../api/pictures.ts';
import { Button } from '../parts/button.tsx';
import { Failure } from '../parts/notice.tsx';
import { readerLocales } from '../reader.ts';
import { words } from '../words.ts';
import styles from './chart.module.css';
import { ChartContent, type ShownChart } from './chart-content.tsx';

/** A picture, or that it is on its way, or why there is none. */
export type PictureState = {
  data?: Picture | undefined;
  error?: unknown;
  /** Asks for it again. */
  refetch?: () => unknown;
};

const asTheyAre: NonNullable<ChartSpec['formats']> = {};

/** A chart with its title, what was done to the result, and the same numbers as a table one key away. */
export function Chart({
  chart,
  picture: { data: picture, error, refetch },
  rows,
  cells,
}: {
  chart: ShownChart;
  picture: PictureState;
  /** The rows of the result as they are, for charts that are tables. */
  rows: ReactNode;
  /** What reads a pivot table that is larger than its picture. */
  cells?: PivotCells | undefined;
}) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const { chart_type: type, chart_title: given, spec } = chart;
  const formats = spec?.formats ?? asTheyAre;
  const writers = useMemo(() => writersFor(formats, readerLocales), [formats]);
  const title = given ?? (picture ? sayTitle(picture, writers) : '');
  const canTurn = isDrawn(picture, type);
  const notes = picture ? sayNotes(picture, writers) : '';
  return (
    <figure className={styles.chart} aria-labelledby={title === '' ? undefined : `${id}-title`}>
      <figcaption className={styles.title}>
        <span id={`${id}-title`}>{title || '\u00a0'}</span>
        {canTurn && (
          <button
            type="button"
            className={styles.turn}
            aria-pressed={asTable}
            aria-label={words.showNumbersOf(title)}
            onClick={() => setAsTable(!asTable)}
          >
            {words.showNumbers}
          </button>
        )}
      </figcaption>
      {error != null ? (
        <Failure error={error}>
          {refetch && <Button onClick={() => refetch()}>{words.tryAgain}</Button>}
        </Failure>
      ) : picture === undefined ? (
        <div className={lookOf(type).shape === 'figure' ? styles.bigRoom : styles.canvas} />
      ) : (
        <ChartContent
          picture={picture}
          chart={chart}
          title={title}
          writers={writers}
          asTable={asTable && canTurn}
          summaryId={`${id}-summary`}
          rows={rows}
          cells={cells}
        />
      )}
      {notes !== '' && <p className={styles.notes}>{notes}</p>}
      {canTurn && (
        <p id={`${id}-summary`} className="out-of-sight">
          {saySummary(picture as Picture, type, writers)}
        </p>
      )}
    </figure>
  );
}

/** Whether it is drawn, and its numbers can be shown in its place. */
function isDrawn(picture: Picture | undefined, type: string | null): boolean {
  return (
    picture !== undefined &&
    (picture.kind === 'points' || (picture.kind === 'series' && lookOf(type).shape !== 'pivot'))
  );
}
