import type { Aggregate } from './chart-words.ts';
import type { Measure } from './picture.ts';
import type { Writers } from './writers.ts';

/** Names of aggregates, to stand before the name of a column. */
const before: Record<Aggregate, string> = {
  sum: 'Sum of',
  avg: 'Average of',
  min: 'Minimum of',
  max: 'Maximum of',
  count: 'Count of',
  count_distinct: 'Count of distinct',
  median: 'Median of',
  first: 'First',
  last: 'Last',
  none: '',
};

/** The name of several columns with their aggregate: "Sum of price", "Number of rows". */
export function aggregateTitle(
  aggregate: Aggregate | null,
  columns: readonly (string | null)[],
  { title }: Pick<Writers, 'title'>,
): string {
  const names = columns.filter((column) => column !== null).map((column) => title(column));
  if (names.length === 0) return 'Number of rows';
  return `${aggregate === null ? '' : before[aggregate]} ${inWords(names)}`.trim();
}

export function measureTitle({ aggregate, column }: Measure, writers: Writers): string {
  return aggregateTitle(aggregate, [column], writers);
}

/** Whether its values are numbers of rows or values, to which the format of the column does not apply. */
export function isCount({ aggregate }: Measure): boolean {
  return aggregate === 'count' || aggregate === 'count_distinct';
}

/** "a", "a and b", "a, b and c". */
export function inWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
