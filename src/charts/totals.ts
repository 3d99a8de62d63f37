import { type TotalAggregate, totalAggregates } from './chart-words.ts';
import { columnKind, type ResultColumn } from './column-kind.ts';

/** What the totals of a table are called, below their columns. */
export const totalNames: Record<TotalAggregate, string> = {
  sum: 'Sum',
  avg: 'Average',
  min: 'Minimum',
  max: 'Maximum',
  count: 'Count',
  count_distinct: 'Distinct',
};

/** The totals that a column can have: only numbers are added up. */
export function totalsFor(column: ResultColumn): readonly TotalAggregate[] {
  const kind = columnKind(column);
  if (kind === 'number' || kind === 'boolean') return totalAggregates;
  // Texts may all be numbers; the server looks.
  return totalAggregates.filter((one) => one !== 'sum' && one !== 'avg');
}
