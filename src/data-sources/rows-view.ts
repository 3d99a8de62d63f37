import type { TotalAggregate } from '../charts/chart-words.ts';
import type { Cell } from '../charts/picture.ts';

/** How a column's values are compared with one that is given; `empty` and `not_empty` take no value. */
export const filterOperators = [
  'contains',
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'empty',
  'not_empty',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** A condition on one column, by its place in the result. */
export type RowFilter = { column: number; operator: FilterOperator; value: string };

/** Which rows of a result are shown, and in which order. Rows that are equal in it keep the order of the result. */
export type RowsView = {
  /** Columns by their places, the most important first; what is null is last in both directions. */
  sort: readonly { column: number; descending: boolean }[];
  /** All of them must hold. */
  filters: readonly RowFilter[];
  /** A text that one of a row's cells contains, in capitals or not; empty for all rows. */
  search: string;
};

/** What the values of a column, by its place, are combined to. */
export type RowTotal = { column: number; aggregate: TotalAggregate };

export type RowsRange = { offset: number; limit: number };

/** Rows of a view of a result. */
export type RowsPage = {
  /** JSON: a list for each row, its cells in the order of the columns, as in the preview. */
  rows: string;
  /** How many rows the view has. */
  rowCount: number;
  /** In the order in which they were asked for. */
  totals: readonly { value: Cell; leftOut: number }[];
  /** Whether the next page takes no more than reading it. */
  isPrepared: boolean;
};

/** Whether a view has all rows in their own order. */
export function isWhole({ sort, filters, search }: RowsView): boolean {
  return sort.length === 0 && filters.length === 0 && search === '';
}
