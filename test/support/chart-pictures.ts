import type { ChartType } from '../../src/charts/chart-types.ts';
import { lookOf } from '../../src/charts/chart-types.ts';
import { palettes } from '../../src/charts/draw/paper.ts';
import type { Sheet } from '../../src/charts/draw/sheet.ts';
import type { Cell, PointsPicture, Series, SeriesPicture } from '../../src/charts/picture.ts';
import { plainWriters } from './plain-writers.ts';

const paper = {
  ...{ ink: '#111', faint: '#666', rule: '#ddd', paper: '#fff', font: 'sans-serif' },
  ...palettes.light,
};

export const sheetOf = (width = 700): Sheet => ({ paper, writers: plainWriters, width });

/** A picture of values along x, of one measure that is called `sales`. */
export function seriesPicture(
  values: readonly Cell[],
  series: Partial<Series>[],
  given: {
    x?: Partial<SeriesPicture['x']>;
    measures?: SeriesPicture['measures'];
    split?: string;
  } = {},
): SeriesPicture {
  return {
    kind: 'series',
    x: {
      ...{ column: 'region', kind: 'text', unit: null, time_zone: null, ...given.x },
      values: [...values],
    },
    measures: given.measures ?? [{ column: 'sales', aggregate: null, axis: 'left' }],
    split: given.split ?? null,
    series: series.map((one) => ({ measure: 0, values: [], ...one })),
    notes: [],
  };
}

export function pointsPicture(
  groups: PointsPicture['groups'],
  x: Partial<PointsPicture['x']> = {},
): PointsPicture {
  return {
    kind: 'points',
    x: { column: 'weight', kind: 'number', unit: null, time_zone: null, ...x },
    measures: [{ column: 'height', aggregate: null, axis: 'left' }],
    label: 'name',
    split: groups.length > 1 || groups[0]?.value !== undefined ? 'group' : null,
    groups,
    notes: [],
  };
}

/** Each number in a picture is its own, and found again wherever it is. */
export function numberedPicture(
  type: ChartType,
  count: number,
  lines: number,
): SeriesPicture | PointsPicture {
  const own = (line: number, index: number) => 1000 + line * 1000 + index + 0.25;
  if (lookOf(type).shape === 'points') {
    return pointsPicture(
      Array.from({ length: lines }, (_, line) => ({
        value: `group ${line}`,
        points: Array.from({ length: count }, (__, index) => [
          own(line, index),
          own(line, index) + 0.5,
          `point ${index}`,
        ]),
      })),
    );
  }
  const values = Array.from({ length: count }, (_, index) => `value ${index}`);
  const isPie = lookOf(type).shape === 'slices';
  return seriesPicture(
    values,
    Array.from({ length: isPie ? 1 : lines }, (_, line) => ({
      ...(lines > 1 && !isPie && { value: `series ${line}` }),
      values: values.map((__, index) => own(line, index)),
    })),
  );
}
