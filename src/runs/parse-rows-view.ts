import { totalAggregates } from '../charts/chart-words.ts';
import {
  type FilterOperator,
  filterOperators,
  type RowFilter,
  type RowsRange,
  type RowsView,
  type RowTotal,
} from '../data-sources/rows-view.ts';
import { ApiError, quoted } from '../errors.ts';
import { singleValue, wholeNumber } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';

export const MAX_ROWS = 1_000;
export const DEFAULT_ROWS = 100;
const MAX_SORT = 10;
const MAX_FILTERS = 50;
const MAX_TOTALS = 100;
const MAX_SEARCH = 1_000;
/** So many columns an error names. */
const MAX_NAMED = 30;

type Columns = readonly { name: string }[];

/**
 * Which rows of a result a query string asks for, and which totals of them: `offset`, `limit`, `sort`, `q`,
 * `filter[column]` and `total[column]`.
 *
 * @throws ApiError bad_request
 */
export function parseRowsView(
  query: QueryString,
  columns: Columns,
): { view: RowsView; range: RowsRange; totals: RowTotal[] } {
  const most = { least: 0, most: 1_000_000_000, otherwise: 0 };
  const range = {
    offset: wholeNumber(query, 'offset', most),
    limit: wholeNumber(query, 'limit', { least: 1, most: MAX_ROWS, otherwise: DEFAULT_ROWS }),
  };
  const search = singleValue(query, 'q', 'a text that a cell contains') ?? '';
  if (search.length > MAX_SEARCH) throw tooMany('q', search.length, MAX_SEARCH, 'characters');
  return {
    range,
    totals: totalsOf(query, columns),
    view: { sort: sortOf(query, columns), filters: filtersOf(query, columns), search },
  };
}

/** A `-` before the name turns the order; a `+` does not, and is for names that begin with one of the two. */
function sortOf(query: QueryString, columns: Columns): RowsView['sort'] {
  const given = query.get('sort') ?? [];
  if (given.length > MAX_SORT) throw tooMany('sort', given.length, MAX_SORT, 'columns');
  return given.map((text) => ({
    column: placeOf('sort', text.replace(/^[-+]/, ''), columns),
    descending: text.startsWith('-'),
  }));
}

function filtersOf(query: QueryString, columns: Columns): RowFilter[] {
  const filters = byColumn(query, 'filter', columns, {
    written: 'filter[column]=operator:value',
    example: 'filter[city]=contains:par',
  }).map(({ name, column, value }) => ({ column, ...conditionIn(name, value) }));
  if (filters.length > MAX_FILTERS)
    throw tooMany('filter', filters.length, MAX_FILTERS, 'conditions');
  return filters;
}

function totalsOf(query: QueryString, columns: Columns): RowTotal[] {
  const totals = byColumn(query, 'total', columns, {
    written: 'total[column]=aggregate',
    example: 'total[price]=sum',
  }).map(({ name, column, value }) => {
    const aggregate = totalAggregates.find((one) => one === value);
    if (aggregate === undefined)
      throw new ApiError(
        'bad_request',
        `${quoted(name)} is ${quoted(value)}; it must be one of ${totalAggregates.join(', ')}.`,
      );
    return { column, aggregate };
  });
  if (totals.length > MAX_TOTALS) throw tooMany('total', totals.length, MAX_TOTALS, 'totals');
  return totals;
}

/** What is given for columns by a parameter such as `filter[column]`, repeated ones too. */
function byColumn(
  query: QueryString,
  parameter: string,
  columns: Columns,
  { written, example }: { written: string; example: string },
): { name: string; column: number; value: string }[] {
  return [...query].flatMap(([name, values]) => {
    if (!name.startsWith(parameter)) return [];
    const column = /^\[(.*)\]$/s.exec(name.slice(parameter.length))?.[1];
    if (column === undefined)
      throw new ApiError(
        'bad_request',
        `${quoted(name)} names no column; a ${parameter} is written ${written}.`,
        `Write ${example}, for example.`,
      );
    const place = placeOf(name, column, columns);
    return values.map((value) => ({ name, column: place, value }));
  });
}

function conditionIn(name: string, text: string): Omit<RowFilter, 'column'> {
  const [word = ''] = text.split(':', 1);
  const operator = filterOperators.find((one) => one === word);
  const takesNone = operator === 'empty' || operator === 'not_empty';
  const hasValue = text.length > word.length;
  if (operator === undefined || takesNone === hasValue) throw badCondition(name, text, operator);
  const value = text.slice(word.length + 1);
  if (value.length > MAX_SEARCH) throw tooMany(name, value.length, MAX_SEARCH, 'characters');
  return { operator, value };
}

function badCondition(name: string, text: string, operator: FilterOperator | undefined): ApiError {
  return new ApiError(
    'bad_request',
    `${quoted(name)} is ${quoted(text)}; it must be an operator and a value, operator:value.`,
    operator === undefined
      ? `The operators are ${filterOperators.join(', ')}; the last two take no value.`
      : operator.endsWith('empty')
        ? `Write ${operator} alone.`
        : `Write ${operator}: and the value.`,
  );
}

function placeOf(parameter: string, name: string, columns: Columns): number {
  const place = columns.findIndex((column) => column.name === name);
  if (place >= 0) return place;
  const named = columns.slice(0, MAX_NAMED).map((column) => quoted(column.name));
  const left = columns.length - named.length;
  throw new ApiError(
    'bad_request',
    `${quoted(parameter)} names the column ${quoted(name)}, which the result does not have.`,
    `Its columns are ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}.`,
  );
}

function tooMany(name: string, count: number, most: number, of: string): ApiError {
  return new ApiError('bad_request', `${quoted(name)} has ${count} ${of}; it may have ${most}.`);
}
