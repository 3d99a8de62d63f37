import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { shortened } from '../../text.ts';
import { QueryError } from '../query-error.ts';
import { jsonCell, typeName } from '../results/column-types.ts';
import { literal } from '../results/duckdb.ts';
import type { FilterOperator, RowFilter, RowsView } from '../rows-view.ts';

/** A column of a result that is read: what SQL calls it here, and what it is called in the result. */
export type ReadColumn = { sql: string; name: string; type: DuckDBType };

const comparisons = { eq: '=', ne: 'IS DISTINCT FROM', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** SQL of the condition that rows of a view meet. @throws QueryError sql_error for a value that is not of its column. */
export async function conditionOf(
  duckdb: DuckDBConnection,
  columns: readonly ReadColumn[],
  { filters, search }: Pick<RowsView, 'filters' | 'search'>,
): Promise<string> {
  const conditions: string[] = [];
  for (const filter of filters) {
    const column = columns[filter.column];
    if (column === undefined) throw new Error('A filter is about a column that there is.');
    conditions.push(await oneCondition(duckdb, column, filter));
  }
  if (search !== '') {
    const found = columns.map((column) => containing(column, search));
    conditions.push(`(${found.join(' OR ')})`);
  }
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

async function oneCondition(
  duckdb: DuckDBConnection,
  column: ReadColumn,
  { operator, value }: RowFilter,
): Promise<string> {
  if (operator === 'contains') return containing(column, value);
  const isText = typeName(column.type) === 'VARCHAR';
  const empty = isText ? `coalesce(${column.sql} = '', true)` : `${column.sql} IS NULL`;
  if (operator === 'empty') return empty;
  if (operator === 'not_empty') return `NOT (${empty})`;
  const [left, right] = await compared(duckdb, column, operator, value);
  return `${left} ${comparisons[operator]} ${right}`;
}

function containing(column: ReadColumn, text: string): string {
  return `coalesce(contains(lower(${shownText(column)}), lower(${literal(text)})), false)`;
}

/** SQL of a value's text, as it is shown. */
function shownText({ sql, type }: ReadColumn): string {
  const name = typeName(type);
  if (name === 'VARCHAR') return sql;
  if (/^(JSON|U?(TINY|SMALL|BIG)?INT(EGER)?|DECIMAL.*|DATE|TIME|BOOLEAN|UUID)$/.test(name))
    return `${sql}::VARCHAR`;
  return `((${jsonCell(type, sql)}) ->> '$')`;
}

const NUMBER = /^[-+]?(\d+\.?(\d*)|\.(\d+))(e[-+]?\d{1,3})?$/i;
const DAY = /^\d{4,}-\d\d-\d\d$/;

/** SQL of both sides of a comparison; they are of one type, in which neither loses anything. */
async function compared(
  duckdb: DuckDBConnection,
  column: ReadColumn,
  operator: FilterOperator,
  value: string,
): Promise<[string, string]> {
  const { sql, type } = column;
  const name = typeName(type);
  const given = literal(value.trim());
  const as = async (of: string, what: string, left = sql): Promise<[string, string]> => {
    const read = await duckdb.runAndReadAll(`SELECT TRY_CAST(${given} AS ${of}) IS NOT NULL`);
    if (read.getRows()[0]?.[0] !== true) throw refused(column, operator, value, what);
    return [left, `CAST(${given} AS ${of})`];
  };
  if (/^(U?(TINY|SMALL|BIG)?INT(EGER)?|DECIMAL.*|FLOAT|DOUBLE)$/.test(name)) {
    const number = NUMBER.exec(value.trim());
    if (number === null) throw refused(column, operator, value, 'a number, such as 12.5');
    const of = exactType(name, number);
    // A FLOAT's digits are those that it is shown with.
    const left = name === 'FLOAT' ? `${sql}::VARCHAR::DOUBLE` : `${sql}::${of}`;
    return as(of, 'a number that is not too large', left);
  }
  if (name === 'BOOLEAN') {
    if (!/^(true|false)$/i.test(value.trim()))
      throw refused(column, operator, value, 'true or false');
    return as('BOOLEAN', 'true or false');
  }
  if (name === 'DATE' && DAY.test(value.trim())) return as('DATE', 'a date, such as 2024-01-31');
  if (name === 'DATE' || /^TIMESTAMP/.test(name)) {
    const of = /ZONE|_NS/.test(name) ? name : 'TIMESTAMP';
    return as(of, 'a date or time, such as 2024-01-31T09:30:00', `TRY_CAST(${sql} AS ${of})`);
  }
  if (/^TIME(_NS)?$/.test(name)) return as(name, 'a time of day, such as 09:30:00');
  return [shownText(column), literal(value)];
}

/** A type that holds both a column's numbers and the given one: decimals where 38 digits are enough. */
function exactType(name: string, [, , after = '', only = '', exponent]: RegExpExecArray): string {
  if (name === 'FLOAT' || name === 'DOUBLE' || exponent !== undefined) return 'DOUBLE';
  const [, width = '20', scale = '0'] = /^DECIMAL\((\d+),(\d+)\)$/.exec(name) ?? [];
  const digits = Math.max(Number(scale), after.length, only.length);
  return Number(width) - Number(scale) + digits > 38 ? 'DOUBLE' : `DECIMAL(38,${digits})`;
}

function refused(
  { name, type }: ReadColumn,
  operator: FilterOperator,
  value: string,
  accepted: string,
): QueryError {
  return new QueryError({
    code: 'sql_error',
    message: `filter[${shortened(name, 80)}] is ${JSON.stringify(shortened(`${operator}:${value}`, 80))}; the column is a ${typeName(type)}, and the value must be ${accepted}.`,
  });
}
