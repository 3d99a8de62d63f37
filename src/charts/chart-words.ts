/** What is made of several values at one place. */
export const aggregates = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'count_distinct',
  'median',
  'first',
  'last',
  'none',
] as const;
export type Aggregate = (typeof aggregates)[number];

/** What is made of all values of a column of a table. */
export const totalAggregates = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'count_distinct',
] as const satisfies readonly Aggregate[];
export type TotalAggregate = (typeof totalAggregates)[number];

/** Which totals a pivot table has: of each row, of each column, or both and of everything. */
export const pivotTotals = ['rows', 'columns', 'both'] as const;
export type PivotTotals = (typeof pivotTotals)[number];

/** By what dates and times may be grouped. */
export const timeUnits = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/** In what order values of x stand. */
export const orders = ['x', 'rows', 'value', '-value'] as const;
export type Order = (typeof orders)[number];
