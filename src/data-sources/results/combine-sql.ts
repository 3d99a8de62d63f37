import type { Aggregate } from '../../charts/chart-words.ts';
import type { ColumnKind } from '../../charts/column-kind.ts';

/** Values that are combined: SQL of one, the name of their type, and what they are. */
export type Values = { sql: string; type: string; kind: ColumnKind };

/** SQL of a value as it is combined: a number where it has to be one, and null where it is not finite. */
export function combinable({ sql, type, kind }: Values, aggregate: Aggregate): string {
  if (/^count/.test(aggregate)) return sql;
  if (kind === 'boolean') return `${sql}::INTEGER`;
  // What is nested is its text.
  if (kind === 'text') return type === 'VARCHAR' ? sql : `${sql}::VARCHAR`;
  if (type === 'VARCHAR') return kind === 'number' ? finite(`TRY_CAST(${sql} AS DOUBLE)`) : sql;
  // A FLOAT's digits are those that it is written with.
  if (type === 'FLOAT') return finite(`${sql}::VARCHAR::DOUBLE`);
  return type === 'DOUBLE' ? finite(sql) : sql;
}

/** SQL of whether a value is left out because it is no finite number. */
export function isLeftOut({ sql, type }: Values, aggregate: Aggregate): string {
  return /^count/.test(aggregate) || !isFloat(type) ? 'false' : `NOT isfinite(${sql})`;
}

const exactly = { sum: 'sum', avg: 'avg' };
/** Sums of floats that do not lose what is small beside what is large. */
const inFloats = { sum: 'fsum', avg: 'favg' };

/**
 * SQL that makes one value of several; `n` is the number of a row.
 *
 * @param value SQL of one, as `combinable` has it.
 * @param inDoubles for numbers whose sum has more than 38 digits; see `isTooLarge`.
 */
export function combined(
  { type, kind }: Pick<Values, 'type' | 'kind'>,
  aggregate: Aggregate,
  value: string,
  { inDoubles = false }: { inDoubles?: boolean | undefined } = {},
): string {
  // A sum of DECIMAL(38,38) is one too, and has no place for what is before the point.
  const isWidened = inDoubles || type === 'DECIMAL(38,38)';
  const isDouble = kind === 'number' && (isFloat(type) || type === 'VARCHAR' || isWidened);
  const { sum, avg } = isDouble ? inFloats : exactly;
  const one = isWidened && kind === 'number' ? `${value}::DOUBLE` : value;
  switch (aggregate) {
    case 'sum':
      return `${sum}(${one})`;
    case 'avg':
      return `${avg}(${one})`;
    case 'count':
      return `count(${value})`;
    case 'count_distinct':
      return `count(DISTINCT ${value})`;
    case 'last':
      return `arg_max(${value}, n)`;
    case 'first':
    case 'none':
      return `arg_min(${value}, n)`;
    case 'median':
      return isWidened ? `median(${one})` : medianOf(value, type);
    default:
      return `${aggregate}(${value})`;
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

/** Whether DuckDB failed because a sum of numbers of 38 digits has more. */
export function isTooLarge(error: unknown): boolean {
  return /overflow|out of range/i.test(String(error));
}

export const isFloat = (type: string) => type === 'DOUBLE' || type === 'FLOAT';
const finite = (value: string) => `CASE WHEN isfinite(${value}) THEN ${value} END`;
