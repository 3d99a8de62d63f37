import type { Picture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { identifier } from '../results/duckdb.ts';
import { readCells } from './read-cells.ts';
import { aggregated, type DrawnResult, measuredValue, rowsOf } from './read-parts.ts';

/** One value, large: of the first row, or what is made of all. */
export async function drawFigure(result: DrawnResult, plan: Plan): Promise<Picture> {
  const isOfAll = plan.measures.some(({ aggregate }) => aggregate !== 'none');
  const values = plan.measures.map((measure, index) =>
    isOfAll
      ? `${aggregated(result, measure, measuredValue(result, measure))} AS v${index}`
      : `${identifier(measure.column ?? '')} AS v${index}`,
  );
  const from = isOfAll
    ? `FROM (SELECT *, file_row_number AS n FROM ${rowsOf(result.file)})`
    : `FROM ${rowsOf(result.file)} ORDER BY file_row_number LIMIT 1`;
  const names = values.map((_, index) => `v${index}`);
  const rows = await readCells(result.duckdb, `FROM (SELECT ${values.join(', ')} ${from})`, names);
  return {
    kind: 'figure',
    measures: plan.measures.map(({ column = null, aggregate, axis }) => ({
      column,
      aggregate: isOfAll ? aggregate : null,
      axis,
    })),
    values: rows[0] ?? plan.measures.map(() => null),
    notes: [],
  };
}
