import type { Note, Picture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { combineAll } from '../results/combine-all.ts';
import { readCells } from '../results/read-cells.ts';
import { type DrawnResult, rowsOf, shownValue, valuesOf } from './read-parts.ts';

/** One value, large: of the first row, or what is made of all. */
export async function drawFigure(result: DrawnResult, plan: Plan): Promise<Picture> {
  const isOfAll = plan.measures.some(({ aggregate }) => aggregate !== 'none');
  const { values, notes } = await (isOfAll ? ofAllRows(result, plan) : ofFirstRow(result, plan));
  return {
    kind: 'figure',
    measures: plan.measures.map(({ column = null, aggregate, axis }) => ({
      column,
      aggregate: isOfAll ? aggregate : null,
      axis,
    })),
    values,
    notes,
  };
}

async function ofFirstRow(result: DrawnResult, { measures }: Plan) {
  const { from, number } = rowsOf(result);
  const values = measures.map((measure, index) => `${shownValue(result, measure)} AS v${index}`);
  const [cells] = await readCells(
    result.duckdb,
    `FROM (SELECT ${values.join(', ')} FROM ${from} ORDER BY ${number} LIMIT 1)`,
    values.map((_, index) => `v${index}`),
  );
  return { values: cells ?? measures.map(() => null), notes: [] };
}

async function ofAllRows(result: DrawnResult, { measures }: Plan) {
  const asked = measures.map((measure) => ({
    ...valuesOf(result, measure),
    aggregate: measure.aggregate,
  }));
  const made = await combineAll(result.duckdb, rowsOf(result), asked);
  const notes = made.flatMap(({ leftOut }, index): Note[] => {
    const column = measures[index]?.column ?? null;
    return leftOut === 0 ? [] : [{ note: 'not_finite', column, count: leftOut }];
  });
  return { values: made.map(({ value }) => value), notes };
}
