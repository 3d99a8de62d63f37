import type { DuckDBConnection } from '@duckdb/node-api';
import { most } from '../../charts/most.ts';
import type { Cell, Note, Picture } from '../../charts/picture.ts';
import {
  type ChartAsWritten,
  noTimeZone,
  type Plan,
  planPicture,
} from '../../charts/plan-picture.ts';
import { shortened } from '../../text.ts';
import { typeName } from '../results/column-types.ts';
import { isTooLarge } from '../results/combine-sql.ts';
import { literal } from '../results/duckdb.ts';
import { readColumns } from '../results/result-file.ts';
import { kindsOfTexts } from '../results/text-kinds.ts';
import { drawFigure } from './draw-figure.ts';
import { drawPoints } from './draw-points.ts';
import { drawRows } from './draw-rows.ts';
import { drawSeries } from './draw-series.ts';
import { type Limits, less } from './limits.ts';
import type { DrawnResult } from './read-parts.ts';

/** So often a picture that is too large is made again with less detail. */
const TRIES = 6;

/**
 * Makes the picture of each chart from a whole result: JSON of at most 1 MB each, in the order of the charts.
 *
 * @param cut whether the result was cut at its limits, and after how many rows.
 */
export async function makePictures(
  duckdb: DuckDBConnection,
  file: string,
  charts: readonly ChartAsWritten[],
  { cut }: { cut?: number | undefined } = {},
): Promise<string[]> {
  const columns = await readColumns(duckdb, file);
  const kinds = await kindsOfTexts(duckdb, file, columns, {
    named: namesIn(charts),
    isOpen: charts.some(({ spec }) => spec?.x === undefined || spec.y === undefined),
  });
  const result: DrawnResult = { duckdb, file, columns, kinds };
  const shown = columns.map(({ name, type }) => ({ name, type: typeName(type) }));
  const about: Note[] = cut === undefined ? [] : [{ note: 'result_cut', rows: cut }];
  const pictures: string[] = [];
  for (const chart of charts) {
    const plan = planPicture(chart, shown, kinds);
    const isKnown = 'refused' in plan || (await knowsZone(duckdb, plan));
    const known = isKnown ? plan : { refused: noTimeZone(plan.timeZone) };
    pictures.push(await fitting(result, known, about));
  }
  return pictures;
}

/**
 * What an engine does for the first time takes it several times as long as it takes then: a process that waits has the
 * time to do once what pictures are made of.
 */
export async function warmUp(duckdb: DuckDBConnection): Promise<void> {
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE warm AS
    SELECT x, s, min(n) AS place, count(*) AS size, sum(v) AS m FROM (
      SELECT i % 100 AS x, (i % 5)::VARCHAR AS s, i AS n, (i % 997)::DECIMAL(10, 2) AS v FROM range(200000) r(i)
    ) GROUP BY x, s;
    SELECT count(DISTINCT x), count(DISTINCT s) FROM warm;
    CREATE OR REPLACE TEMP TABLE warm AS
    SELECT x, to_json(m)::VARCHAR AS cell, row_number() OVER (ORDER BY abs(m) DESC NULLS LAST, place) AS rank
    FROM warm JOIN (SELECT DISTINCT s FROM warm) kept ON warm.s IS NOT DISTINCT FROM kept.s ORDER BY x;
    DROP TABLE warm;`);
}

/** Whether the engine knows the zone in which times are grouped: names that JavaScript takes, such as +01:00, may be none. */
async function knowsZone(duckdb: DuckDBConnection, { unit, timeZone }: Plan): Promise<boolean> {
  if (unit === undefined || timeZone === 'UTC') return true;
  const read = await duckdb.runAndReadAll(
    `SELECT 1 FROM pg_timezone_names() WHERE lower(name) = lower(${literal(timeZone)}) LIMIT 1`,
  );
  return read.currentRowCount > 0;
}

async function fitting(
  result: DrawnResult,
  plan: Plan | { refused: string },
  about: Note[],
): Promise<string> {
  if ('refused' in plan)
    return JSON.stringify({ kind: 'refused', reason: plan.refused, notes: about });
  let limits: Limits = { ...most };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const picture = await drawn(result, plan, limits);
    const text = JSON.stringify({ ...short(picture, limits), notes: [...picture.notes, ...about] });
    if (text.length <= limits.bytes / 2 || Buffer.byteLength(text) <= limits.bytes) return text;
    limits = less(limits);
  }
  const reason =
    'What this chart shows is too large to draw: choose fewer columns, or group its values.';
  return JSON.stringify({ kind: 'refused', reason, notes: about } satisfies Picture);
}

/** Sums are exact if a type has room for them: those of numbers of 38 digits may have more. */
async function drawn(result: DrawnResult, plan: Plan, limits: Limits): Promise<Picture> {
  try {
    return await draw(result, plan, limits);
  } catch (error) {
    if (result.inDoubles || !isTooLarge(error)) throw error;
    return draw({ ...result, inDoubles: true }, plan, limits);
  }
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
