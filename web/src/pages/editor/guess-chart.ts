import type { ChartType } from '../../../../src/charts/chart-types.ts';
import { type Column, kindOf, type Rows } from '../../results/columns.ts';

/** The type of a new chart: one row is a big number, dates are a line, and texts are bars. */
export function guessChart(
  result: { columns: readonly Column[]; rows: Rows } | undefined,
): ChartType {
  const { columns = [], rows = [] } = result ?? {};
  const kinds = columns.map(kindOf);
  const numbers = kinds.filter((kind) => kind === 'number').length;
  if (result === undefined) return 'line';
  if (numbers === 0) return 'table';
  if (rows.length === 1) return 'bigNumber';
  if (kinds.some((kind) => kind === 'date' || kind === 'time')) return 'line';
  return kinds.includes('text') ? 'bar' : numbers > 1 ? 'scatter' : 'line';
}
