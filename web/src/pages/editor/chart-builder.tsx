import { memo } from 'react';
import type { Picture } from '../../../../src/charts/picture.ts';
import { isStatus } from '../../api/client.ts';
import type { Tried } from '../../api/content.ts';
import type { EditedChart } from '../../api/edited-content.ts';
import { useTriedPictures } from '../../api/pictures.ts';
import { Chart } from '../../charts/chart.tsx';
import { Button } from '../../parts/button.tsx';
import { ResultTable } from '../../results/result-table.tsx';
import { words } from '../../words.ts';
import { ChartFields } from './chart-fields.tsx';
import { ColumnFormats } from './column-formats.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import { guessChart } from './guess-chart.ts';
import { newKey } from './new-key.ts';
import { ResultOf } from './preview-result.tsx';
import type { Result } from './use-query-preview.ts';
import { withPart } from './with-part.ts';

/** The charts of a query, each beside what it is to show. */
export function ChartBuilder({
  organization,
  dataSource,
  charts,
  result,
  onChange,
}: {
  organization: string;
  dataSource: string | null;
  charts: readonly EditedChart[];
  result: Result | undefined;
  onChange: (charts: EditedChart[]) => void;
}) {
  const change = (key: string, fields: Partial<EditedChart>) =>
    onChange(charts.map((chart) => (chart.key === key ? { ...chart, ...fields } : chart)));
  const add = () =>
    onChange([
      ...charts,
      { key: newKey(), chart_type: guessChart(result?.tried), chart_title: null, spec: {} },
    ]);
  const kept = result?.tried.result ?? null;
  const pictures = useTriedPictures(organization, dataSource, kept, charts);
  // A result is kept for some minutes.
  const isGone = kept === null || isStatus(pictures.error, 404);
  return (
    <section className="section">
      <h2>{editorWords.charts}</h2>
      {charts.length > 0 && result && <ResultOf result={result} />}
      {charts.length === 0 && <p className="faint">{editorWords.noCharts}</p>}
      <ul>
        {charts.map((chart) => (
          <li key={chart.key} className={styles.chart}>
            <ChartFields
              chart={chart}
              columns={result?.tried.columns ?? []}
              picture={pictures.data?.get(chart.key)}
              onChange={(fields) => change(chart.key, fields)}
              onDelete={() => onChange(charts.filter(({ key }) => key !== chart.key))}
            />
            <div className={styles.preview}>
              {result && !isGone ? (
                <ChartPreview
                  chart={chart}
                  result={result.tried}
                  picture={pictures.data?.get(chart.key)}
                  error={pictures.error}
                />
              ) : (
                <p className="faint">{editorWords.runToSee}</p>
              )}
            </div>
            <ColumnFormats
              chart={chart}
              columns={result?.tried.columns ?? []}
              onChange={(formats) => change(chart.key, { spec: withPart(chart.spec, { formats }) })}
            />
          </li>
        ))}
      </ul>
      <Button onClick={add}>{editorWords.addChart}</Button>
    </section>
  );
}

/** Drawn again when the chart or its picture changes, and not for each letter of the SQL. */
const ChartPreview = memo(function ChartPreview({
  chart,
  result,
  picture,
  error,
}: {
  chart: EditedChart;
  result: Tried;
  picture: Picture | undefined;
  error: unknown;
}) {
  return (
    <Chart
      chart={chart}
      picture={{ data: picture, error }}
      rows={
        <>
          <ResultTable
            columns={result.columns}
            rows={result.rows}
            label={words.resultOf(chart.chart_title ?? words.untitled)}
            only={chart.spec?.columns}
            formats={chart.spec?.formats}
            totals={picture?.kind === 'rows' ? picture.totals : undefined}
          />
          {result.limit && (
            <p className="faint">{editorWords.rows(result.rows.length, result.limit)}</p>
          )}
        </>
      }
    />
  );
});
