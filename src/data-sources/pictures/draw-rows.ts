import type { TotalAggregate } from '../../charts/chart-words.ts';
import type { RowsPicture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { combineAll } from '../results/combine-all.ts';
import { type DrawnResult, rowsOf, valuesOf } from './read-parts.ts';

/** The rows as they are, which are read by range; and the totals below them. */
export async function drawRows(result: DrawnResult, { measures }: Plan): Promise<RowsPicture> {
  if (measures.length === 0) return { kind: 'rows', notes: [] };
  const asked = measures.map((measure) => ({
    ...valuesOf(result, measure),
    aggregate: measure.aggregate as TotalAggregate,
  }));
  const made = await combineAll(result.duckdb, rowsOf(result), asked);
  const totals = made.map(({ value, leftOut }, index) => ({
    column: measures[index]?.column ?? '',
    aggregate: (asked[index] as (typeof asked)[number]).aggregate,
    value,
    left_out: leftOut,
  }));
  return { kind: 'rows', totals, notes: [] };
}
