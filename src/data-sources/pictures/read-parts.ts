import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnKind } from '../../charts/column-kind.ts';
import type { Plan, PlannedMeasure } from '../../charts/plan-picture.ts';
import { type TypedColumn, typeName } from '../results/column-types.ts';
import { combinable, combined, isFloat, isLeftOut, type Values } from '../results/combine-sql.ts';
import { identifier, literal } from '../results/duckdb.ts';

/** A result that is drawn: its file, and what its columns are. */
export type DrawnResult = {
  duckdb: DuckDBConnection;
  file: string;
  columns: readonly TypedColumn[];
  /** Kinds of the text columns whose every value is a date, a time or a number. */
  kinds: ReadonlyMap<string, ColumnKind>;
  /** Whether sums are floats, because no exact type holds them. */
  inDoubles?: boolean;
};

/** SQL that reads a result, and the name of the number of each row there. */
export function rowsOf({ file, columns }: DrawnResult): { from: string; number: string } {
  const from = `read_parquet(${literal(file)}`;
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  if (!names.has('file_row_number')) {
    return { from: `${from}, file_row_number = true)`, number: 'file_row_number' };
  }
  let number = 'number_of_row';
  while (names.has(number)) number += '_';
  return { from: `(SELECT *, row_number() OVER () - 1 AS ${number} FROM ${from}))`, number };
}

/** SQL of the value of a column along x; null where it has no place there. A pivot has a column for each. */
export function axisValue(result: DrawnResult, { look, x, unit, timeZone }: Plan): string {
  if (x === undefined) return 'NULL::VARCHAR';
  const { column, kind } = x;
  const type = typeOf(result, column);
  const value = readAs(type, kind, identifier(column));
  if (look.shape === 'pivot' && unit === undefined) return value;
  if (kind === 'number')
    return isFloat(type) ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
  if (kind !== 'date' && kind !== 'time') return value;
  const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
  if (unit === undefined) return finite;
  const local = hasZone(type) ? clockIn(timeZone, finite) : finite;
  const start = `date_trunc(${literal(unit)}, ${local}::TIMESTAMP)`;
  if (unit !== 'hour') return `${start}::DATE`;
  // When clocks are turned back, an hour comes twice: the two stay apart.
  return hasZone(type) ? `(${finite} - (${local} - ${start}))` : start;
}

/** SQL of what clocks of a time zone show. DuckDB knows zones by their names, and not by their distance from UTC. */
function clockIn(timeZone: string, value: string): string {
  const [, sign, hours, minutes = '0'] = /^([-+\u2212])(\d\d):?(\d\d)?$/.exec(timeZone) ?? [];
  if (sign === undefined) return `(${value} AT TIME ZONE ${literal(timeZone)})`;
  const distance = (Number(hours) * 60 + Number(minutes)) * (sign === '+' ? 1 : -1);
  return `(${value} AT TIME ZONE 'UTC' + to_minutes(${distance}))`;
}

/** SQL of the value of the column that tells series apart. */
export function seriesValue(result: DrawnResult, { series }: Plan): string {
  if (series === undefined) return 'NULL::VARCHAR';
  return readAs(typeOf(result, series), 'text', identifier(series));
}

/** SQL of a value that is measured; see `combinable`. */
export function measuredValue(result: DrawnResult, measure: PlannedMeasure): string {
  return combinable(valuesOf(result, measure), measure.aggregate);
}

/** SQL of whether a value that is measured is no finite number. */
export function isOdd(result: DrawnResult, measure: PlannedMeasure): string {
  return isLeftOut(valuesOf(result, measure), measure.aggregate);
}

/** SQL that makes one value of several; `n` is the number of a row. */
export function aggregated(result: DrawnResult, measure: PlannedMeasure, value: string): string {
  const { inDoubles } = result;
  return combined(valuesOf(result, measure), measure.aggregate, value, { inDoubles });
}

/** SQL of the sum of values that were made by `aggregated` before, as sums or counts. */
export function summedAgain(result: DrawnResult, measure: PlannedMeasure, value: string): string {
  return measure.aggregate === 'sum' ? aggregated(result, measure, value) : `sum(${value})`;
}

/** The values that are measured; without a column, one for each row. */
export function valuesOf(result: DrawnResult, { column, kind }: PlannedMeasure): Values {
  if (column === undefined) return { sql: '1', type: 'INTEGER', kind };
  return { sql: identifier(column), type: typeOf(result, column), kind };
}

/** The name of a column's type. */
export function typeOf({ columns }: DrawnResult, name: string): string {
  const column = columns.find((one) => one.name === name);
  return column ? typeName(column.type) : 'VARCHAR';
}

/** SQL of a value as its kind has it: what is nested is text. */
export function shownValue(result: DrawnResult, { column = '', kind }: PlannedMeasure): string {
  return kind === 'text'
    ? readAs(typeOf(result, column), kind, identifier(column))
    : identifier(column);
}

function readAs(type: string, kind: ColumnKind, value: string): string {
  if (type !== 'VARCHAR') return kind === 'text' ? `${value}::VARCHAR` : value;
  if (kind === 'date') return `TRY_CAST(${value} AS DATE)`;
  if (kind === 'time') return `TRY_CAST(${value} AS TIMESTAMP)`;
  return kind === 'number' ? `TRY_CAST(${value} AS DOUBLE)` : value;
}

const hasZone = (type: string) => type === 'TIMESTAMP WITH TIME ZONE';
