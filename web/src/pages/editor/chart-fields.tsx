import type { EditedChart } from '../../api/edited-content.ts';
import { chartTypes } from '../../charts/chart-types.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import type { Column } from '../../results/columns.ts';
import { words } from '../../words.ts';
import { partsOf } from './chart-parts.ts';
import styles from './editor.module.css';
import { TableColumns } from './table-columns.tsx';
import { type SpecChange, withPart } from './with-part.ts';

/** What a chart is called, what it looks like, and which columns it shows. */
export function ChartFields({
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
  const asked = partsOf(type);
  const put = (part: SpecChange) => onChange({ spec: withPart(spec, part) });
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
          onChange={(column) => put({ x: column || undefined })}
        />
      )}
      {asked.includes('y') && (
        <Measures
          legend={asked.includes('y2') ? words.editor.bars : words.editor.y}
          columns={columns}
          chosen={spec?.y}
          onChange={(y) => put({ y, y2: without(spec?.y2, y) })}
        />
      )}
      {asked.includes('y2') && (
        <Measures
          legend={words.editor.y2}
          columns={columns}
          chosen={spec?.y2}
          onChange={(y2) => put({ y2, y: without(spec?.y, y2) })}
        />
      )}
      {asked.includes('series') && (
        <SelectField
          label={words.editor.series}
          value={spec?.series ?? ''}
          options={columnOptions(columns, spec?.series, words.editor.noSeries)}
          onChange={(column) => put({ series: column || undefined })}
        />
      )}
      {asked.includes('columns') && (
        <TableColumns
          columns={columns}
          chosen={spec?.columns}
          onChange={(chosen) => put({ columns: chosen })}
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
  legend,
  columns,
  chosen = [],
  onChange,
}: {
  legend: string;
  columns: readonly Column[];
  chosen: readonly string[] | undefined;
  onChange: (chosen: string[] | undefined) => void;
}) {
  const names = [...new Set([...columns.map(({ name }) => name), ...chosen])];
  const turn = (column: string, isOn: boolean) => {
    const next = isOn ? [...chosen, column] : chosen.filter((one) => one !== column);
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <fieldset className={styles.measures}>
      <legend>{legend}</legend>
      {names.length === 0 && <p className="faint">{words.editor.byItself}</p>}
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) => turn(name, target.checked)}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What is a bar is no line. */
function without(columns: readonly string[] = [], others: readonly string[] = []) {
  const left = columns.filter((name) => !others.includes(name));
  return left.length === 0 ? undefined : left;
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
