import { memo } from 'react';
import type { Tried } from '../../api/content.ts';
import { Chart } from '../../charts/chart.tsx';
import { chartTypes } from '../../charts/chart-types.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import type { Column } from '../../results/columns.ts';
import { words } from '../../words.ts';
import type { ChartSpec, EditedChart } from './content.ts';
import styles from './editor.module.css';
import { newKey } from './new-key.ts';

/** Which columns a chart of a type asks for. */
const parts: Record<string, readonly ('x' | 'y' | 'series')[]> = {
  table: [],
  bigNumber: ['y'],
  pie: ['x', 'y'],
  donut: ['x', 'y'],
};
const allParts = ['x', 'y', 'series'] as const;

/** The charts of a query, each beside what it is to show. */
export function ChartBuilder({
  charts,
  result,
  onChange,
}: {
  charts: readonly EditedChart[];
  result: Tried | undefined;
  onChange: (charts: EditedChart[]) => void;
}) {
  const change = (key: string, fields: Partial<EditedChart>) =>
    onChange(charts.map((chart) => (chart.key === key ? { ...chart, ...fields } : chart)));
  const add = () =>
    onChange([...charts, { key: newKey(), chart_type: 'line', chart_title: null, spec: {} }]);
  return (
    <section className="section">
      <h2>{words.editor.charts}</h2>
      {charts.length === 0 && <p className="faint">{words.editor.noCharts}</p>}
      <ul>
        {charts.map((chart) => (
          <li key={chart.key} className={styles.chart}>
            <ChartFields
              chart={chart}
              columns={result?.columns ?? []}
              onChange={(fields) => change(chart.key, fields)}
              onDelete={() => onChange(charts.filter(({ key }) => key !== chart.key))}
            />
            <div className={styles.preview}>
              {result ? (
                <ChartPreview chart={chart} result={result} />
              ) : (
                <p className="faint">{words.editor.runToSee}</p>
              )}
            </div>
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
  const { chart_type: type, chart_title: title, spec } = chart;
  return (
    <Chart
      picture={{ type: type ?? 'table', x: spec?.x, y: spec?.y ?? [], series: spec?.series }}
      title={title}
      columns={result.columns}
      rows={result.rows}
    />
  );
});

function ChartFields({
  chart,
  columns,
  onChange,
  onDelete,
}: {
  chart: EditedChart;
  columns: readonly Column[];
  onChange: (fields: Partial<EditedChart>) => void;
  onDelete: () => void;
}) {
  const { chart_title: title, spec } = chart;
  const type = chart.chart_type ?? 'table';
  const asked = parts[type] ?? allParts;
  const choose = (part: 'x' | 'series', column: string) => {
    const { [part]: _, ...rest } = spec ?? {};
    onChange({ spec: column === '' ? rest : { ...rest, [part]: column } });
  };
  const turn = (column: string, isOn: boolean) => {
    const { y = [], ...rest } = spec ?? {};
    const next = isOn ? [...y, column] : y.filter((one) => one !== column);
    onChange({ spec: next.length === 0 ? rest : { ...rest, y: next } });
  };
  return (
    <fieldset className={styles.fields}>
      <legend className="out-of-sight">{title ?? words.untitled}</legend>
      <TextField
        label={words.editor.chartTitle}
        value={title ?? ''}
        maxLength={255}
        onChange={({ target }) => onChange({ chart_title: target.value || null })}
      />
      <SelectField
        label={words.editor.chartType}
        value={type}
        options={typeOptions(type)}
        onChange={(next) => onChange({ chart_type: next })}
      />
      {asked.includes('x') && (
        <SelectField
          label={words.editor.x}
          value={spec?.x ?? ''}
          options={columnOptions(columns, spec?.x, words.editor.byItself)}
          onChange={(column) => choose('x', column)}
        />
      )}
      {asked.includes('y') && <Measures columns={columns} spec={spec} onTurn={turn} />}
      {asked.includes('series') && (
        <SelectField
          label={words.editor.series}
          value={spec?.series ?? ''}
          options={columnOptions(columns, spec?.series, words.editor.noSeries)}
          onChange={(column) => choose('series', column)}
        />
      )}
      <div>
        <Button kind="bare" className={styles.flush} onClick={onDelete}>
          {words.editor.deleteChart}
        </Button>
      </div>
    </fieldset>
  );
}

/** Which columns are drawn; where none is chosen, those that are numbers. */
function Measures({
  columns,
  spec,
  onTurn,
}: {
  columns: readonly Column[];
  spec: ChartSpec | null;
  onTurn: (column: string, isOn: boolean) => void;
}) {
  const chosen = spec?.y ?? [];
  const names = [...new Set([...columns.map(({ name }) => name), ...chosen])];
  return (
    <fieldset className={styles.measures}>
      <legend>{words.editor.y}</legend>
      {names.length === 0 && <p className="faint">{words.editor.byItself}</p>}
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) => onTurn(name, target.checked)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

/** The types that can be made here, and the one that the chart has. */
function typeOptions(type: string) {
  const known: Record<string, string> = words.chartTypes;
  const values: string[] = chartTypes.some((one) => one === type)
    ? [...chartTypes]
    : [type, ...chartTypes];
  return values.map((value) => ({ value, label: known[value] ?? value }));
}

/** A column that the result has no more stays to be seen, and is named as it is. */
function columnOptions(columns: readonly Column[], chosen: string | undefined, none: string) {
  const names = new Set(columns.map(({ name }) => name));
  if (chosen !== undefined) names.add(chosen);
  return [{ value: '', label: none }, ...[...names].map((name) => ({ value: name, label: name }))];
}
