import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnKind } from '../../charts/column-kind.ts';
import type { Plan, PlannedMeasure } from '../../charts/plan-picture.ts';
import { type TypedColumn, typeName } from '../results/column-types.ts';
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

/** SQL of the value of a column along x; null where it has no place there. */
export function axisValue(result: DrawnResult, { x, unit, timeZone }: Plan): string {
  if (x === undefined) return 'NULL::VARCHAR';
  const { column, kind } = x;
  const type = typeOf(result, column);
  const value = readAs(type, kind, identifier(column));
  if (kind === 'number')
    return isFloat(type) ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
  if (kind !== 'date' && kind !== 'time') return value;
  const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
  if (unit === undefined) return finite;
  const local = hasZone(type) ? `(${finite} AT TIME ZONE ${literal(timeZone)})` : finite;
  const start = `date_trunc(${literal(unit)}, ${local}::TIMESTAMP)`;
  if (unit !== 'hour') return `${start}::DATE`;
  // When clocks are turned back, an hour comes twice: the two stay apart.
  return hasZone(type) ? `(${finite} - (${local} - ${start}))` : start;
}

/** SQL of the value of the column that tells series apart. */
export function seriesValue(result: DrawnResult, { series }: Plan): string {
  if (series === undefined) return 'NULL::VARCHAR';
  return readAs(typeOf(result, series), 'text', identifier(series));
}

/** SQL of a value that is measured: a number, which is null where it is not finite, or what can be counted or shown. */
export function measuredValue(
  result: DrawnResult,
  { column, kind, aggregate }: PlannedMeasure,
): string {
  if (column === undefined) return '1';
  const name = identifier(column);
  const type = typeOf(result, column);
  if (/^count/.test(aggregate)) return name;
  if (kind === 'boolean') return `${name}::INTEGER`;
  if (kind === 'text') return readAs(type, kind, name);
  if (type === 'VARCHAR') return kind === 'number' ? finite(`TRY_CAST(${name} AS DOUBLE)`) : name;
  // A FLOAT's digits are those that it is written with.
  if (type === 'FLOAT') return finite(`${name}::VARCHAR::DOUBLE`);
  return type === 'DOUBLE' ? finite(name) : name;
}

/** SQL of whether a value that is measured is no finite number. */
export function isOdd(result: DrawnResult, { column, aggregate }: PlannedMeasure): string {
  const isCounted = column === undefined || /^count/.test(aggregate);
  return isCounted || !isFloat(typeOf(result, column))
    ? 'false'
    : `NOT isfinite(${identifier(column)})`;
}

const exactly = { sum: 'sum', avg: 'avg' };
/** Sums of floats that do not lose what is small beside what is large. */
const inFloats = { sum: 'fsum', avg: 'favg' };

/** SQL that makes one value of several; `n` is the number of a row. */
export function aggregated(
  result: DrawnResult,
  { aggregate, column, kind }: PlannedMeasure,
  value: string,
): string {
  const { inDoubles = false } = result;
  const type = column === undefined ? 'INTEGER' : typeOf(result, column);
  const isDouble = kind === 'number' && (isFloat(type) || type === 'VARCHAR' || inDoubles);
  const { sum, avg } = isDouble ? inFloats : exactly;
  const number = inDoubles && kind === 'number' ? `${value}::DOUBLE` : value;
  switch (aggregate) {
    case 'sum':
      return `${sum}(${number})`;
    case 'avg':
      return `${avg}(${number})`;
    case 'count':
      return column === undefined ? 'count(*)' : `count(${value})`;
    case 'count_distinct':
      return `count(DISTINCT ${value})`;
    case 'last':
      return `arg_max(${value}, n)`;
    case 'first':
    case 'none':
      return `arg_min(${value}, n)`;
    case 'median':
      return inDoubles ? `median(${number})` : medianOf(value, type);
    default:
      return `${aggregate}(${number})`;
  }
}

/**
 * SQL of the median of exact numbers: the engine's own has no more digits than the numbers have, though that of 0.01 and
 * 0.02 is 0.015, and is a float for large whole numbers.
 */
function medianOf(value: string, type: string): string {
  const isWhole = type === 'BIGINT' || type === 'UBIGINT';
  if (!isWhole && !type.startsWith('DECIMAL')) return `median(${value})`;
  const exact = isWhole ? `${value}::DECIMAL(20, 0)` : value;
  return `(quantile_disc(${exact}, 0.5) - quantile_disc(-${exact}, 0.5)) * 0.5`;
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

const isFloat = (type: string) => type === 'DOUBLE' || type === 'FLOAT';
const hasZone = (type: string) => type === 'TIMESTAMP WITH TIME ZONE';
const finite = (value: string) => `CASE WHEN isfinite(${value}) THEN ${value} END`;
