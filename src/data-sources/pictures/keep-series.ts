import type { Note, Series } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { cellsOf } from '../results/read-cells.ts';
import type { Grouped } from './group-rows.ts';
import type { Limits } from './limits.ts';
import { type DrawnResult, summedAgain } from './read-parts.ts';

/** The series that are drawn, in the order of the result's rows. */
export type Kept = {
  /** A name for each `line` of the points, in its order. */
  series: Pick<Series, 'measure' | 'value' | 'others'>[];
  /** The measures that are drawn, by their places in the plan. */
  measures: number[];
  notes: Note[];
};

/**
 * Makes the view `kept` of `grouped`: the largest series, each with its number `s_index`, and the sum of the others
 * where adding makes sense.
 */
export async function keepSeries(
  result: DrawnResult,
  plan: Plan,
  grouped: Grouped,
  limits: Limits,
): Promise<Kept> {
  const { duckdb } = result;
  const notes: Note[] = [];
  const all = plan.measures.map((_, index) => index);
  const measures = await largestMeasures(duckdb, all, limits.series);
  if (measures.length < all.length) {
    const count = all.length - measures.length;
    notes.push({ note: 'series_left_out', column: null, count, of: all.length });
  }
  const { series: total } = grouped;
  const limit = Math.max(1, Math.floor(limits.series / measures.length));
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE named AS
    SELECT s, row_number() OVER (ORDER BY place) - 1 AS s_index FROM (
      SELECT s, min(place) AS place FROM grouped GROUP BY s
      ${total > limit ? `ORDER BY sum(weight) DESC, min(place) LIMIT ${limit}` : ''})`);
  const columns = plan.measures.map((_, index) => `m${index}`);
  const kept = `SELECT s_index, x, place, weight, ${columns.join(', ')}
    FROM grouped JOIN named ON grouped.s IS NOT DISTINCT FROM named.s`;
  const left = total - limit;
  // The sum of many lines is far above each of them.
  const isLines = plan.look.mark === 'line' && !plan.look.isStacked;
  const isSummed = left > 0 && !isLines && plan.measures.every(isAdditive);
  const others = `SELECT ${limit} AS s_index, x, min(place) AS place, sum(weight) AS weight,
    ${plan.measures.map((measure, index) => `${summedAgain(result, measure, `m${index}`)} AS m${index}`).join(', ')}
    FROM grouped ANTI JOIN named ON grouped.s IS NOT DISTINCT FROM named.s GROUP BY x`;
  await duckdb.run(
    `CREATE OR REPLACE TEMP VIEW kept AS ${kept}${isSummed ? ` UNION ALL ${others}` : ''}`,
  );
  const column = plan.series ?? null;
  if (isSummed) notes.push({ note: 'other_series', column, count: left });
  else if (left > 0) notes.push({ note: 'series_left_out', column, count: left, of: total });
  const read = await duckdb.runAndReadAll('SELECT s FROM named ORDER BY s_index');
  const names = read.getRows() as (string | null)[][];
  const series = measures.flatMap((measure) => [
    ...names.map(([value = null]) =>
      plan.series === undefined ? { measure } : { measure, value },
    ),
    ...(isSummed ? [{ measure, others: left }] : []),
  ]);
  const lines = names.length + (isSummed ? 1 : 0);
  // A measure's digits are those of its own type; what is compared and added up here are floats.
  const cells = await cellsOf(duckdb, 'FROM kept', columns);
  const parts = measures.map(
    (measure, index) =>
      `SELECT ${index * lines} + s_index AS line, s_index, x, place, m${measure}::DOUBLE AS y,
         (${cells[measure]})::VARCHAR AS cell FROM kept`,
  );
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE values_kept AS ${parts.join(' UNION ALL ')}`);
  return {
    series: series.map((one) => ({ ...one, measure: measures.indexOf(one.measure) })),
    measures,
    notes,
  };
}

/** Whether what is made of parts can be made of what was made of them. */
function isAdditive({ aggregate }: Plan['measures'][number]): boolean {
  return aggregate === 'sum' || aggregate === 'count';
}

async function largestMeasures(
  duckdb: DrawnResult['duckdb'],
  all: readonly number[],
  limit: number,
): Promise<number[]> {
  if (all.length <= limit) return [...all];
  const totals = all.map((index) => `coalesce(sum(abs(m${index}::DOUBLE)), 0)`).join(', ');
  const read = await duckdb.runAndReadAll(`SELECT ${totals} FROM grouped`);
  const sizes = (read.getRows()[0] ?? []) as number[];
  const largest = [...all]
    .sort((a, b) => Number(sizes[b]) - Number(sizes[a]) || a - b)
    .slice(0, limit);
  return largest.sort((a, b) => a - b);
}
