import { chartTypes } from '../../../../src/charts/chart-types.ts';
import {
  type Aggregate,
  aggregates,
  orders,
  pivotTotals,
  timeUnits,
} from '../../../../src/charts/chart-words.ts';
import type { Picture } from '../../../../src/charts/picture.ts';
import type { EditedChart } from '../../api/edited-content.ts';
import { Button } from '../../parts/button.tsx';
import { CheckList } from '../../parts/check-list.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { type Column, kindOf } from '../../results/columns.ts';
import { words } from '../../words.ts';
import { partsOf } from './chart-parts.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import { TableColumns } from './table-columns.tsx';
import { TableTotals } from './table-totals.tsx';
import { type SpecChange, withPart } from './with-part.ts';

/** What a chart is called, what it looks like, and which columns it shows. */
export function ChartFields({
  chart,
  columns,
  picture,
  onChange,
  onDelete,
}: {
  chart: EditedChart;
  columns: readonly Column[];
  /** What the chart shows of the result; undefined until it is known. */
  picture: Picture | undefined;
  onChange: (fields: Partial<EditedChart>) => void;
  onDelete: () => void;
}) {
  const { chart_title: title, spec } = chart;
  const type = chart.chart_type ?? 'table';
  const asked = partsOf(type);
  // Only numbers can be added up; counting takes all, and a figure shows whatever the first row has.
  const takesAll = type === 'bigNumber' || /^count/.test(spec?.aggregate ?? '');
  const measured = takesAll ? columns : columns.filter((column) => kindOf(column) === 'number');
  const put = (part: SpecChange) => onChange({ spec: withPart(spec, part) });
  return (
    <fieldset className={styles.fields}>
      <legend className="out-of-sight">{title ?? words.untitled}</legend>
      <TextField
        label={editorWords.chartTitle}
        value={title ?? ''}
        maxLength={255}
        onChange={({ target }) => onChange({ chart_title: target.value || null })}
      />
      <SelectField
        label={editorWords.chartType}
        value={type}
        options={typeOptions(type)}
        onChange={(next) => onChange({ chart_type: next })}
      />
      {asked.includes('x') && (
        <SelectField
          label={editorWords.x}
          value={spec?.x ?? ''}
          options={columnOptions(columns, spec?.x, editorWords.automatic)}
          onChange={(column) => put({ x: column || undefined })}
        />
      )}
      {asked.includes('y') && (
        <Measures
          legend={asked.includes('y2') ? editorWords.bars : editorWords.y}
          columns={measured}
          chosen={spec?.y}
          onChange={(y) => put({ y, y2: without(spec?.y2, y) })}
        />
      )}
      {asked.includes('y2') && (
        <Measures
          legend={editorWords.y2}
          columns={measured}
          chosen={spec?.y2}
          onChange={(y2) => put({ y2, y: without(spec?.y, y2) })}
        />
      )}
      {asked.includes('series') && (
        <SelectField
          label={editorWords.series}
          value={spec?.series ?? ''}
          options={columnOptions(columns, spec?.series, editorWords.noSeries)}
          onChange={(column) => put({ series: column || undefined })}
        />
      )}
      {asked.includes('aggregate') && (
        <SelectField
          label={editorWords.aggregate}
          value={spec?.aggregate ?? ''}
          options={choices(
            aggregatesOf(type),
            editorWords.aggregates,
            editorWords.usualAggregate(type),
          )}
          onChange={(value) => put({ aggregate: oneOf(aggregates, value) })}
        />
      )}
      {asked.includes('unit') && (spec?.unit !== undefined || hasDates(picture)) && (
        <SelectField
          label={editorWords.unit}
          value={spec?.unit ?? ''}
          options={choices(timeUnits, editorWords.units, editorWords.noUnit)}
          onChange={(value) => {
            const unit = oneOf(timeUnits, value);
            put(unit ? { unit } : { unit, time_zone: undefined });
          }}
        />
      )}
      {spec?.unit !== undefined && hasZone(columns, picture, spec.time_zone) && (
        <SelectField
          label={editorWords.timeZone}
          value={spec.time_zone ?? ''}
          options={[
            { value: '', label: 'UTC' },
            ...timeZones(spec.time_zone).map((zone) => ({ value: zone, label: zone })),
          ]}
          onChange={(zone) => put({ time_zone: zone || undefined })}
        />
      )}
      {asked.includes('sort') && (
        <SelectField
          label={editorWords.sort}
          value={spec?.sort ?? ''}
          options={choices(orders, editorWords.orders, editorWords.automatic)}
          onChange={(value) => put({ sort: oneOf(orders, value) })}
        />
      )}
      {asked.includes('columns') && (
        <TableColumns
          columns={columns}
          chosen={spec?.columns}
          onChange={(chosen) => put({ columns: chosen })}
        />
      )}
      {asked.includes('pivot_totals') && (
        <SelectField
          label={editorWords.totals}
          value={spec?.pivot_totals ?? ''}
          options={choices(pivotTotals, editorWords.pivotTotals, editorWords.noTotal)}
          onChange={(value) => put({ pivot_totals: oneOf(pivotTotals, value) })}
        />
      )}
      {asked.includes('totals') && (
        <TableTotals
          columns={columns}
          totals={spec?.totals}
          onChange={(totals) => put({ totals })}
        />
      )}
      <div>
        <Button kind="bare" className={styles.flush} onClick={onDelete}>
          {editorWords.deleteChart}
        </Button>
      </div>
    </fieldset>
  );
}

function choices<Word extends string>(
  values: readonly Word[],
  labels: Record<Word, string>,
  none: string,
) {
  return [{ value: '', label: none }, ...values.map((value) => ({ value, label: labels[value] }))];
}

function oneOf<Word extends string>(values: readonly Word[], value: string): Word | undefined {
  return values.find((one) => one === value);
}

/** Only points are drawn row by row. */
function aggregatesOf(type: string): readonly Aggregate[] {
  return type === 'scatter' ? aggregates : aggregates.filter((one) => one !== 'none');
}

/** The time zones there are, and one that is chosen and goes by another name. */
function timeZones(chosen = 'UTC'): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return chosen === 'UTC' || known.includes(chosen) ? known : [chosen, ...known];
}

function hasDates(picture: Picture | undefined): boolean {
  return picture?.kind === 'series' && (picture.x.kind === 'date' || picture.x.kind === 'time');
}

/** Whether the times along x are moments, which clocks show differently. */
function hasZone(
  columns: readonly Column[],
  picture: Picture | undefined,
  chosen: string | undefined,
): boolean {
  if (chosen !== undefined) return true;
  const x = picture?.kind === 'series' ? picture.x.column : null;
  return columns.some(({ name, type }) => name === x && type === 'TIMESTAMP WITH TIME ZONE');
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
    <CheckList
      legend={legend}
      options={names.map((name) => ({ value: name, label: name }))}
      chosen={chosen}
      onTurn={turn}
      none={editorWords.automatic}
    />
  );
}

/** What is a bar is no line. */
function without(columns: readonly string[] = [], others: readonly string[] = []) {
  const left = columns.filter((name) => !others.includes(name));
  return left.length === 0 ? undefined : left;
}

/** The types that there are, and the one that an imported chart has. */
function typeOptions(type: string) {
  const known: Record<string, string> = words.chartTypes;
  const isKnown = chartTypes.some((one) => one === type);
  const values: string[] = isKnown ? chartTypes : [type, ...chartTypes];
  return values.map((value) => ({ value, label: known[value] ?? value }));
}

/** A column that the result has no more stays to be seen, and is named as it is. */
function columnOptions(columns: readonly Column[], chosen: string | undefined, none: string) {
  const names = new Set(columns.map(({ name }) => name));
  if (chosen !== undefined) names.add(chosen);
  return [{ value: '', label: none }, ...[...names].map((name) => ({ value: name, label: name }))];
}
