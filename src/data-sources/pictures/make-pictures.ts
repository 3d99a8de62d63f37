import type { DuckDBConnection } from '@duckdb/node-api';
import { most } from '../../charts/most.ts';
import type { Cell, Note, Picture } from '../../charts/picture.ts';
import { type ChartAsWritten, type Plan, planPicture } from '../../charts/plan-picture.ts';
import { shortened } from '../../text.ts';
import { typeName } from '../results/column-types.ts';
import { readColumns } from '../results/result-file.ts';
import { drawFigure } from './draw-figure.ts';
import { drawPoints } from './draw-points.ts';
import { drawSeries } from './draw-series.ts';
import { type Limits, less } from './limits.ts';
import type { DrawnResult } from './read-parts.ts';
import { kindsOfTexts } from './text-kinds.ts';

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
    pictures.push(await fitting(result, plan, about));
  }
  return pictures;
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
    const picture = await draw(result, plan, limits);
    const text = JSON.stringify({ ...short(picture, limits), notes: [...picture.notes, ...about] });
    if (text.length <= limits.bytes / 2 || Buffer.byteLength(text) <= limits.bytes) return text;
    limits = less(limits);
  }
  const reason =
    'What this chart shows is too large to draw: choose fewer columns, or group its values.';
  return JSON.stringify({ kind: 'refused', reason, notes: about } satisfies Picture);
}

async function draw(result: DrawnResult, plan: Plan, limits: Limits): Promise<Picture> {
  switch (plan.look.shape) {
    case 'rows':
      return { kind: 'rows', notes: [] };
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
  if (picture.kind !== 'points') return picture;
  return {
    ...picture,
    groups: picture.groups.map((one) =>
      one.value === undefined ? one : { ...one, value: cell(one.value) },
    ),
  };
}

function namesIn(charts: readonly ChartAsWritten[]): Set<string> {
  const names = charts.flatMap(({ spec }) => [spec?.x, ...(spec?.y ?? []), ...(spec?.y2 ?? [])]);
  return new Set(names.filter((name) => name !== undefined));
}
