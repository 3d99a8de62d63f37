import type { DuckDBConnection } from '@duckdb/node-api';
import type { Note } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { cellsOf } from '../results/read-cells.ts';
import type { Grouped } from './group-rows.ts';
import type { Limits } from './limits.ts';
import { type DrawnResult, summedAgain } from './read-parts.ts';

/** Of each step of a line at most five points are drawn: first, last, least, most, and a gap. */
const POINTS_A_STEP = 5;

/**
 * Lines on a scale: each with at most so many points of its own. Makes the tables `points` (line, spot, cell) and `places`
 * (spot, x).
 */
export async function choosePoints(
  { duckdb }: DrawnResult,
  _plan: Plan,
  { points: limit }: Limits,
): Promise<Note[]> {
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE chosen AS
    SELECT line, x, cell FROM (${stepped('values_kept', limit)}) QUALIFY ${PART_OF_STEP}`);
  return finishScale(duckdb);
}

/** Areas that stand on each other: all have the same places along x, chosen by their sum. */
export async function chooseStackedPoints(
  { duckdb }: DrawnResult,
  _plan: Plan,
  { points: limit }: Limits,
): Promise<Note[]> {
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE chosen AS
    WITH sums AS (SELECT 0 AS line, x, sum(y) AS y FROM values_kept WHERE x IS NOT NULL GROUP BY x),
      shown AS (SELECT x FROM (${stepped('sums', limit)}) QUALIFY ${PART_OF_STEP})
    SELECT line, x, cell FROM values_kept SEMI JOIN shown USING (x)`);
  return finishScale(duckdb);
}

/** SQL that gives each point of a line the step that it falls into; a short line has a step for each point. */
function stepped(from: string, limit: number): string {
  const steps = Math.max(1, Math.floor(limit / POINTS_A_STEP));
  return `
    SELECT *, CASE WHEN of > ${limit} THEN i * ${steps} // of ELSE i END AS step FROM (
      SELECT *, row_number() OVER (PARTITION BY line ORDER BY x) - 1 AS i, count(*) OVER (PARTITION BY line) AS of
      FROM ${from} WHERE x IS NOT NULL
    )`;
}

/** SQL of whether a point is one of those of its step that are drawn. */
const PART_OF_STEP = `i IN (${[
  'min(i)',
  'max(i)',
  'arg_min(i, y)',
  'arg_max(i, y)',
  'min(i) FILTER (y IS NULL)',
]
  .map((which) => `${which} OVER (PARTITION BY line, step)`)
  .join(', ')})`;

async function finishScale(duckdb: DuckDBConnection): Promise<Note[]> {
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE places AS
    SELECT x, row_number() OVER (ORDER BY x) - 1 AS spot FROM (SELECT DISTINCT x FROM chosen);
    CREATE OR REPLACE TEMP TABLE points AS SELECT line, spot::INTEGER AS spot, cell FROM chosen JOIN places USING (x);`);
  const read = await duckdb.runAndReadAll(`
    SELECT (SELECT count(*) FROM points)::DOUBLE,
      (SELECT count(*) FROM values_kept WHERE x IS NOT NULL)::DOUBLE`);
  const [drawn = 0, of = 0] = read.getRows()[0] as number[];
  return drawn < of ? [{ note: 'sampled', drawn, of }] : [];
}

/** SQL of an order along x: of `place`, the first of its rows, and the `total` of its values. */
export function orderOf(sort: Plan['sort']): string {
  return { x: 'x', rows: 'place', value: 'total, place', '-value': 'total DESC, place' }[sort];
}

/**
 * Values of x that each have a place of their own, in order: bars, slices, and lines along texts. Past
 * what there is room for, only the largest have one; the others of slices are one slice where adding makes sense.
 */
export async function choosePlaces(
  result: DrawnResult,
  plan: Plan,
  limits: Limits,
  { places }: Pick<Grouped, 'places'>,
): Promise<Note[]> {
  const { duckdb } = result;
  const { look, sort, x } = plan;
  const limit =
    look.shape === 'slices' ? limits.slices : look.mark === 'line' ? limits.points : limits.places;
  const isScale = x?.kind === 'number' || x?.kind === 'date' || x?.kind === 'time';
  const hasPlace = isScale ? 'WHERE x IS NOT NULL' : '';
  const order = orderOf(sort);
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE sized AS
    SELECT x, min(place) AS place, sum(y) AS total,
      row_number() OVER (ORDER BY sum(abs(y)) DESC NULLS LAST, min(place)) AS rank
    FROM values_kept ${hasPlace} GROUP BY x;
    CREATE OR REPLACE TEMP TABLE places AS
    SELECT x, row_number() OVER (ORDER BY ${order}) - 1 AS spot FROM sized WHERE rank <= ${limit};
    CREATE OR REPLACE TEMP TABLE points AS
    SELECT line, spot::INTEGER AS spot, cell FROM values_kept JOIN places ON values_kept.x IS NOT DISTINCT FROM places.x;`);
  // One more for rows without a value of x.
  if (places + 1 <= limit) return [];
  const read = await duckdb.runAndReadAll('SELECT count(*)::DOUBLE FROM sized');
  const of = Number(read.getRows()[0]?.[0] ?? 0);
  const count = of - limit;
  const column = x?.column;
  if (count <= 0 || column === undefined) return [];
  const isSummed =
    look.shape === 'slices' &&
    plan.measures.every(({ aggregate }) => aggregate === 'sum' || aggregate === 'count');
  if (!isSummed) return [{ note: 'values_left_out', column, count, of }];
  const [measure] = plan.measures;
  const sum = measure ? summedAgain(result, measure, 'm0') : 'NULL';
  const rest = `(SELECT ${sum} AS rest FROM kept
    ANTI JOIN places ON kept.x IS NOT DISTINCT FROM places.x ${hasPlace})`;
  const [cell] = await cellsOf(duckdb, `FROM ${rest}`, ['rest']);
  await duckdb.run(`INSERT INTO points SELECT 0, ${limit}, (${cell})::VARCHAR FROM ${rest}`);
  return [{ note: 'other_values', column, count }];
}
