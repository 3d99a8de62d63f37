import type { Cell, Note, Picture, PointsPicture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import { identifier } from '../results/duckdb.ts';
import { readCells } from '../results/read-cells.ts';
import { groupRows } from './group-rows.ts';
import type { Limits } from './limits.ts';
import {
  axisValue,
  type DrawnResult,
  isOdd,
  measuredValue,
  rowsOf,
  seriesValue,
  typeOf,
} from './read-parts.ts';

/** Numbers against numbers: a point for each row, or for each x and series where they are combined. */
export async function drawPoints(
  result: DrawnResult,
  plan: Plan,
  limits: Limits,
): Promise<Picture> {
  const { duckdb } = result;
  const [measure] = plan.measures;
  if (measure === undefined || plan.x === undefined) throw new Error('A point has an x and a y.');
  const notes: Note[] = [];
  const label = plan.label;
  if (measure.aggregate === 'none') {
    const named =
      label === undefined
        ? ''
        : `, left(${identifier(label)}::VARCHAR, ${limits.characters}) AS label`;
    const { from, number } = rowsOf(result);
    await duckdb.run(`
      CREATE OR REPLACE TEMP TABLE dots AS
      SELECT ${axisValue(result, plan)} AS x, ${measuredValue(result, measure)} AS y,
        ${isOdd(result, measure)} AS odd, ${seriesValue(result, plan)} AS s, ${number} AS n${named}
      FROM ${from}`);
    const read = await duckdb.runAndReadAll('SELECT count(*)::DOUBLE FROM dots WHERE odd');
    const count = Number(read.getRows()[0]?.[0] ?? 0);
    if (count > 0) notes.push({ note: 'not_finite', column: measure.column ?? null, count });
  } else {
    const grouped = await groupRows(result, plan);
    await duckdb.run(
      'CREATE OR REPLACE TEMP TABLE dots AS SELECT x, m0 AS y, s, place AS n FROM grouped',
    );
    if (grouped.hasSeveral) {
      notes.push({
        note: 'aggregated',
        columns: [measure.column ?? null],
        aggregate: measure.aggregate,
      });
    }
  }
  await duckdb.run('DELETE FROM dots WHERE y IS NULL');
  const counted = await duckdb.runAndReadAll(
    'SELECT count(*)::DOUBLE, count(x)::DOUBLE, count(DISTINCT s)::DOUBLE + bool_or(s IS NULL)::INT FROM dots',
  );
  const [all = 0, of = 0, groups = 0] = (counted.getRows()[0] ?? []) as number[];
  if (all > of) notes.push({ note: 'empty_x', column: plan.x.column, rows: all - of });
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE named AS
    SELECT s, row_number() OVER (ORDER BY place) - 1 AS line FROM (
      SELECT s, min(n) AS place, count(*) AS size FROM dots WHERE x IS NOT NULL GROUP BY s
      ORDER BY size DESC, place LIMIT ${limits.series})`);
  const others = groups - limits.series;
  // The points of small groups are drawn too, as those of one.
  if (others > 0) notes.push({ note: 'other_series', column: plan.series ?? null, count: others });
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE drawn AS
    SELECT coalesce(line, ${limits.series})::INTEGER AS line, x, y, n${label === undefined ? '' : ', label'}
    FROM dots LEFT JOIN named ON dots.s IS NOT DISTINCT FROM named.s
    WHERE x IS NOT NULL ${of > limits.dots ? `AND ${isPicked(of, limits.dots)}` : ''}`);
  const columns = ['line', 'x', 'y', ...(label === undefined ? [] : ['label'])];
  const dots = await readCells(duckdb, 'FROM drawn', columns, 'ORDER BY line, n');
  if (dots.length < of) notes.push({ note: 'sampled', drawn: dots.length, of });
  const names = await readCells(duckdb, 'FROM named', ['s'], 'ORDER BY line');
  const found: PointsPicture['groups'] = names.map(([value = null]) =>
    plan.series === undefined ? { points: [] } : { value, points: [] },
  );
  if (others > 0) found.push({ others, points: [] });
  for (const [line, ...point] of dots)
    found[line as number]?.points.push(point as [Cell, Cell, Cell]);
  const hasZone = typeOf(result, plan.x.column) === 'TIMESTAMP WITH TIME ZONE';
  const { column = null, aggregate, axis } = measure;
  return {
    kind: 'points',
    x: {
      column: plan.x.column,
      kind: plan.x.kind,
      unit: plan.unit ?? null,
      time_zone: plan.unit && hasZone ? plan.timeZone : null,
    },
    measures: [{ column, aggregate: aggregate === 'none' ? null : aggregate, axis }],
    label: label ?? null,
    split: plan.series ?? null,
    groups: found,
    notes,
  };
}

/** Points that are picked evenly, whatever their order, and those at the edges. */
function isPicked(of: number, limit: number): string {
  const each = Math.ceil(of / (limit * 0.95));
  const edges = ['arg_min(n, x)', 'arg_max(n, x)', 'arg_min(n, y)', 'arg_max(n, y)'].join(', ');
  return `(hash(n) % ${each} = 0 OR n IN (SELECT unnest([${edges}]) FROM dots WHERE x IS NOT NULL))`;
}
