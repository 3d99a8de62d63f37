import type { Plan } from '../../charts/plan-picture.ts';
import { isTooLarge } from '../results/combine-sql.ts';
import {
  aggregated,
  axisValue,
  type DrawnResult,
  isOdd,
  measuredValue,
  rowsOf,
  seriesValue,
  typeOf,
} from './read-parts.ts';

/** What is known of a result whose rows were made one for each x and series. */
export type Grouped = {
  /** How many values of x there are. */
  places: number;
  /** How many series there are. */
  series: number;
  /** Whether several rows fell together. */
  hasSeveral: boolean;
  /** How many rows have no value of x. */
  emptyRows: number;
  /** By measure, how many values are no finite numbers. */
  odd: number[];
  /** Whether x is a time with a zone. */
  hasZone: boolean;
};

/**
 * Makes the table `grouped` of a result: x, s (what tells series apart), place (the first of its rows), weight (how much
 * there is of it), and m0, m1, … for each measure.
 */
export async function groupRows(result: DrawnResult, plan: Plan): Promise<Grouped> {
  const { duckdb } = result;
  await duckdb.run(groupsOf(result, plan));
  const odd = plan.measures.map((_, index) => `coalesce(sum(odd${index}), 0)::DOUBLE`);
  const read = await duckdb.runAndReadAll(`
    SELECT count(DISTINCT x)::DOUBLE,
      count(DISTINCT s)::DOUBLE + coalesce(max((s IS NULL)::INTEGER), 0), coalesce(max(size), 0) > 1,
      coalesce(sum(size) FILTER (x IS NULL), 0)::DOUBLE${odd.map((one) => `, ${one}`).join('')}
    FROM grouped`);
  const [places = 0, series = 0, hasSeveral, emptyRows = 0, ...odds] = read.getRows()[0] ?? [];
  return {
    places: places as number,
    series: series as number,
    hasSeveral: hasSeveral === true,
    emptyRows: emptyRows as number,
    odd: odds as number[],
    hasZone: plan.x !== undefined && typeOf(result, plan.x.column) === 'TIMESTAMP WITH TIME ZONE',
  };
}

/** How many values of x there are. */
export async function countRows(result: DrawnResult, plan: Plan): Promise<number> {
  const { from } = rowsOf(result);
  const read = await result.duckdb.runAndReadAll(
    `SELECT count(DISTINCT ${axisValue(result, plan)})::DOUBLE FROM ${from}`,
  );
  return Number(read.getRows()[0]?.[0] ?? 0);
}

/** SQL of the rows of a result with what is measured: x, s, n, v0, v1, … and o0, o1, … where a value is no finite number. */
export function measuredRows(result: DrawnResult, plan: Plan): string {
  const { from, number } = rowsOf(result);
  // Names of our own: those of the result are not read beyond the innermost statement.
  const values = plan.measures.flatMap((measure, index) => [
    `${measuredValue(result, measure)} AS v${index}`,
    `${isOdd(result, measure)} AS o${index}`,
  ]);
  return `
    SELECT ${axisValue(result, plan)} AS x, ${seriesValue(result, plan)} AS s, ${number} AS n,
      ${values.join(', ')}
    FROM ${from}`;
}

/** SQL of what is made of them: m0, m1, … */
export function madeOf(result: DrawnResult, { measures }: Plan): string[] {
  return measures.map(
    (measure, index) => `${aggregated(result, measure, `v${index}`)} AS m${index}`,
  );
}

/** Makes something of sums: of exact ones if a type has room for them, and else of floats. */
export async function withSums<Made>(
  result: DrawnResult,
  make: (result: DrawnResult) => Promise<Made>,
): Promise<Made> {
  try {
    return await make(result);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return make({ ...result, inDoubles: true });
  }
}

function groupsOf(result: DrawnResult, plan: Plan): string {
  const { measures } = plan;
  const odd = measures.map((_, index) => `count(*) FILTER (o${index}) AS odd${index}`);
  const made = [...madeOf(result, plan), ...odd];
  const weight = measures.map((_, index) => `coalesce(abs(m${index}::DOUBLE), 0)`).join(' + ');
  return `
    CREATE OR REPLACE TEMP TABLE grouped AS
    SELECT *, ${weight} AS weight FROM (
      SELECT x, s, min(n) AS place, count(*) AS size, ${made.join(', ')}
      FROM (${measuredRows(result, plan)}) GROUP BY x, s
    )`;
}
