import { memo } from 'react';
import type { Tried } from '../../api/content.ts';
import type { EditedChart } from '../../api/edited-content.ts';
import { Chart } from '../../charts/chart.tsx';
import { pictureOf } from '../../charts/picture.ts';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words.ts';
import { ChartFields } from './chart-fields.tsx';
import { ColumnFormats } from './column-formats.tsx';
import styles from './editor.module.css';
import { newKey } from './new-key.ts';
import { ResultOf } from './try-result.tsx';
import type { Result } from './use-try.ts';
import { withPart } from './with-part.ts';

/** The charts of a query, each beside what it is to show. */
export function ChartBuilder({
  charts,
  result,
  onChange,
}: {
  charts: readonly EditedChart[];
  result: Result | undefined;
  onChange: (charts: EditedChart[]) => void;
}) {
  const change = (key: string, fields: Partial<EditedChart>) =>
    onChange(charts.map((chart) => (chart.key === key ? { ...chart, ...fields } : chart)));
  const add = () =>
    onChange([...charts, { key: newKey(), chart_type: 'line', chart_title: null, spec: {} }]);
  return (
    <section className="section">
      <h2>{words.editor.charts}</h2>
      {charts.length > 0 && result && <ResultOf result={result} />}
      {charts.length === 0 && <p className="faint">{words.editor.noCharts}</p>}
      <ul>
        {charts.map((chart) => (
          <li key={chart.key} className={styles.chart}>
            <ChartFields
              chart={chart}
              columns={result?.tried.columns ?? []}
              onChange={(fields) => change(chart.key, fields)}
              onDelete={() => onChange(charts.filter(({ key }) => key !== chart.key))}
            />
            <div className={styles.preview}>
              {result ? (
                <ChartPreview chart={chart} result={result.tried} />
              ) : (
                <p className="faint">{words.editor.runToSee}</p>
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
      <Button onClick={add}>{words.editor.addChart}</Button>
    </section>
  );
}

/** It is drawn anew when the chart or the result changes, and not for each letter of the SQL. */
const ChartPreview = memo(function ChartPreview({
  chart,
  result,
}: {
  chart: EditedChart;
  result: Tried;
}) {
  return (
    <Chart
      picture={pictureOf(chart)}
      title={chart.chart_title}
      columns={result.columns}
      rows={result.rows}
    />
  );
});
