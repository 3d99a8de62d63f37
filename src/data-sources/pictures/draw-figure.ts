import type { Picture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { readCells } from './read-cells.ts';
import { aggregated, type DrawnResult, measuredValue, rowsOf, shownValue } from './read-parts.ts';

/** One value, large: of the first row, or what is made of all. */
export async function drawFigure(result: DrawnResult, plan: Plan): Promise<Picture> {
  const isOfAll = plan.measures.some(({ aggregate }) => aggregate !== 'none');
  const { from, number } = rowsOf(result);
  const inner = plan.measures.map(
    (measure, index) => `${measuredValue(result, measure)} AS i${index}`,
  );
  const values = plan.measures.map((measure, index) =>
    isOfAll
      ? `${aggregated(result, measure, `i${index}`)} AS v${index}`
      : `${shownValue(result, measure)} AS v${index}`,
  );
  const rows = isOfAll
    ? `(SELECT ${number} AS n, ${inner.join(', ')} FROM ${from})`
    : `${from} ORDER BY ${number} LIMIT 1`;
  const names = values.map((_, index) => `v${index}`);
  const [cells] = await readCells(
    result.duckdb,
    `FROM (SELECT ${values.join(', ')} FROM ${rows})`,
    names,
  );
  return {
    kind: 'figure',
    measures: plan.measures.map(({ column = null, aggregate, axis }) => ({
      column,
      aggregate: isOfAll ? aggregate : null,
      axis,
    })),
    values: cells ?? plan.measures.map(() => null),
    notes: [],
  };
}
