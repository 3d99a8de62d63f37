import type { DuckDBConnection } from '@duckdb/node-api';
import { most } from '../../charts/most.ts';
import type { Cell, Note, Picture } from '../../charts/picture.ts';
import { type ChartAsWritten, type Plan, planPicture } from '../../charts/plan-picture.ts';
import { shortened } from '../../text.ts';
import type { Cut } from '../query-job.ts';
import { typeName } from '../results/column-types.ts';
import { readColumns } from '../results/result-file.ts';
import { kindsOfTexts } from '../results/text-kinds.ts';
import { drawFigure } from './draw-figure.ts';
import { firstPart, makePivot, readPivot } from './draw-pivot.ts';
import { drawPoints } from './draw-points.ts';
import { drawRows } from './draw-rows.ts';
import { drawSeries } from './draw-series.ts';
import { withSums } from './group-rows.ts';
import { type Limits, less } from './limits.ts';
import type { DrawnResult } from './read-parts.ts';

/** So often a picture that is too large is made again with less detail. */
const TRIES = 6;

/**
 * Makes the picture of each chart from a whole result: JSON of at most 1 MB each, in the order of the charts.
 *
 * @param cut where the result was cut at its limits.
 */
export async function makePictures(
  duckdb: DuckDBConnection,
  file: string,
  charts: readonly ChartAsWritten[],
  { cut }: { cut?: Cut | undefined } = {},
): Promise<string[]> {
  const { result, plans } = await readPlans(duckdb, file, charts);
  const about = aboutResult(cut);
  const pictures: string[] = [];
  for (const plan of plans)
    pictures.push(
      'refused' in plan ? refusal(plan.refused, about) : await drawn(result, plan, about),
    );
  return pictures;
}

/** What charts take of a result. */
export async function readPlans(
  duckdb: DuckDBConnection,
  file: string,
  charts: readonly ChartAsWritten[],
): Promise<{ result: DrawnResult; plans: (Plan | { refused: string })[] }> {
  const columns = await readColumns(duckdb, file);
  const kinds = await kindsOfTexts(duckdb, file, columns, {
    named: namesIn(charts),
    isOpen: charts.some(({ spec }) => spec?.x === undefined || spec.y === undefined),
  });
  const shown = columns.map(({ name, type }) => ({ name, type: typeName(type) }));
  const plans = charts.map((chart) => planPicture(chart, shown, kinds));
  return { result: { duckdb, file, columns, kinds }, plans };
}

/**
 * What an engine does for the first time takes it several times as long as it takes then: a process that waits has the
 * time to do once what pictures are made of.
 */
export async function warmUp(duckdb: DuckDBConnection): Promise<void> {
  const columns = [
    { name: 'x', type: 'DATE' },
    { name: 's', type: 'VARCHAR' },
    { name: 'm', type: 'DOUBLE' },
  ];
  planPicture({ type: 'bar', spec: { x: 'x', y: ['m'], series: 's', unit: 'day' } }, columns);
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE warm AS
    SELECT x, s, min(n) AS place, count(*) AS size, sum(v) AS m FROM (
      SELECT i % 100 AS x, (i % 5)::VARCHAR AS s, i AS n, (i % 997)::DECIMAL(10, 2) AS v FROM range(200000) r(i)
    ) GROUP BY x, s;
    SELECT count(DISTINCT x), count(DISTINCT s) FROM warm;
    CREATE OR REPLACE TEMP TABLE warm AS
    SELECT x, to_json(m)::VARCHAR AS cell, row_number() OVER (ORDER BY abs(m) DESC NULLS LAST, place) AS rank
    FROM warm JOIN (SELECT DISTINCT s FROM warm) kept ON warm.s IS NOT DISTINCT FROM kept.s ORDER BY x;
    CREATE OR REPLACE TEMP VIEW warm_rows AS SELECT x, cell FROM warm;
    DROP VIEW warm_rows;
    DROP TABLE warm;`);
}

/** What there is to say of the result itself. */
export function aboutResult(cut: Cut | undefined): Note[] {
  return cut === undefined ? [] : [{ note: 'result_cut', ...cut }];
}

export function refusal(reason: string, notes: Note[]): string {
  return JSON.stringify({ kind: 'refused', reason, notes } satisfies Picture);
}

/** A picture of a plan. */
async function drawn(result: DrawnResult, plan: Plan, about: Note[]): Promise<string> {
  if (plan.look.shape !== 'pivot')
    return fitting((limits) => withSums(result, (of) => draw(of, plan, limits)), about);
  const pivot = await makePivot(result, plan, 'pivot');
  return fitting((limits) => readPivot(pivot, firstPart(pivot, limits)), about);
}

/** JSON of a picture, which is made again with less detail until it is no larger than it may be. */
export async function fitting(
  make: (limits: Limits) => Promise<Picture>,
  about: Note[],
): Promise<string> {
  let limits: Limits = { ...most };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const picture = await make(limits);
    const text = JSON.stringify({ ...short(picture, limits), notes: [...picture.notes, ...about] });
    if (text.length <= limits.bytes / 2 || Buffer.byteLength(text) <= limits.bytes) return text;
    limits = less(limits);
  }
  const reason = 'This chart is too large to draw: choose fewer columns, or group its values.';
  return refusal(reason, about);
}

async function draw(result: DrawnResult, plan: Plan, limits: Limits): Promise<Picture> {
  switch (plan.look.shape) {
    case 'rows':
      return drawRows(result, plan);
    case 'figure':
      return drawFigure(result, plan);
    case 'points':
      return drawPoints(result, plan, limits);
    default:
      return drawSeries(result, plan, limits);
  }
}

/** Long texts are cut; what they name is told apart before. */
function short(picture: Picture, { characters }: Limits): Picture {
  const cell = (value: Cell): Cell =>
    typeof value === 'string' ? shortened(value, characters) : value;
  if (picture.kind === 'series') {
    const { x, series } = picture;
    return {
      ...picture,
      x: { ...x, values: x.values.map(cell) },
      series: series.map((one) =>
        one.value === undefined ? one : { ...one, value: cell(one.value) },
      ),
    };
  }
  if (picture.kind === 'figure') return { ...picture, values: picture.values.map(cell) };
  if (picture.kind === 'rows' && picture.totals) {
    const totals = picture.totals.map((total) => ({ ...total, value: cell(total.value) }));
    return { ...picture, totals };
  }
  if (picture.kind !== 'points') return picture;
  return {
    ...picture,
    groups: picture.groups.map((one) =>
      one.value === undefined ? one : { ...one, value: cell(one.value) },
    ),
  };
}

function namesIn(charts: readonly ChartAsWritten[]): Set<string> {
  const names = charts.flatMap(({ spec }) => [
    spec?.x,
    ...(spec?.y ?? []),
    ...(spec?.y2 ?? []),
    ...Object.keys(spec?.totals ?? {}),
  ]);
  return new Set(names.filter((name) => name !== undefined));
}
