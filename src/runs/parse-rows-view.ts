import {
  type FilterOperator,
  filterOperators,
  type RowFilter,
  type RowsRange,
  type RowsView,
} from '../data-sources/rows-view.ts';
import { ApiError, quoted } from '../errors.ts';
import { singleValue, wholeNumber } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';

export const MAX_ROWS = 1_000;
export const DEFAULT_ROWS = 100;
const MAX_SORT = 10;
const MAX_FILTERS = 50;
const MAX_SEARCH = 1_000;
/** So many columns an error names. */
const MAX_NAMED = 30;

type Columns = readonly { name: string }[];

/**
 * Which rows of a result a query string asks for: `offset`, `limit`, `sort`, `q` and `filter[column]`.
 *
 * @throws ApiError bad_request
 */
export function parseRowsView(
  query: QueryString,
  columns: Columns,
): { view: RowsView; range: RowsRange } {
  const most = { least: 0, most: 1_000_000_000, otherwise: 0 };
  const range = {
    offset: wholeNumber(query, 'offset', most),
    limit: wholeNumber(query, 'limit', { least: 1, most: MAX_ROWS, otherwise: DEFAULT_ROWS }),
  };
  const search = singleValue(query, 'q', 'a text that a cell contains') ?? '';
  if (search.length > MAX_SEARCH) throw tooMany('q', search.length, MAX_SEARCH, 'characters');
  return {
    range,
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
  const filters: RowFilter[] = [];
  for (const [name, values] of query) {
    if (!name.startsWith('filter')) continue;
    const column = /^filter\[(.*)\]$/s.exec(name)?.[1];
    if (column === undefined)
      throw new ApiError(
        'bad_request',
        `${quoted(name)} names no column; a filter is written filter[column]=operator:value.`,
        'Write filter[city]=contains:par, for example.',
      );
    const place = placeOf(name, column, columns);
    for (const value of values) filters.push({ column: place, ...conditionIn(name, value) });
  }
  if (filters.length > MAX_FILTERS)
    throw tooMany('filter', filters.length, MAX_FILTERS, 'conditions');
  return filters;
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
