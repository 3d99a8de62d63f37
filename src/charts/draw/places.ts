import { xWriter } from '../names.ts';
import { placeNames } from '../numbers-of.ts';
import type { Cell, SeriesPicture } from '../picture.ts';
import { positionsOf, regularPlaces } from '../positions.ts';
import type { Writers } from '../writers.ts';
import { labelStyle } from './axes.ts';
import type { Sheet } from './sheet.ts';
import { cutter, fitLabels } from './texts.ts';
import { escaped } from './tooltip.ts';

/** Places along x of which each has a label. */
export type Places = {
  labels: string[];
  /** For each value of x, its place. */
  at: number[];
  /** Whether each label follows from the others, as dates and numbers do. */
  isRegular: boolean;
};

/** The places of a picture's values; bars along dates or whole numbers have empty places where values are missing. */
export function barPlaces({ x }: SeriesPicture, isLine: boolean, writers: Writers): Places {
  const labels = placeNames(x, writers);
  const at = labels.map((_, place) => place);
  const positions = positionsOf(x.values, x);
  const isRegular = positions !== undefined;
  const regular = positions && !isLine ? regularPlaces(positions, x) : undefined;
  if (positions === undefined || regular === undefined) return { labels, at, isRegular };
  const write = xWriter(x, x.values, writers);
  const known = new Map<number, number[]>();
  for (const [index, position] of positions.entries())
    known.set(position, [...(known.get(position) ?? []), index]);
  const places = { labels: [] as string[], at: [] as number[], isRegular };
  for (const position of regular) {
    // An hour that comes twice has two places.
    for (const index of known.get(position) ?? [undefined]) {
      if (index !== undefined) places.at[index] = places.labels.length;
      places.labels.push(
        index === undefined ? write(valueAt(position, x)) : (labels[index] as string),
      );
    }
  }
  return places;
}

/** The value of x that is at a position, as a picture writes it. */
function valueAt(position: number, { kind, time_zone: zone }: SeriesPicture['x']): Cell {
  if (kind === 'number') return position;
  const text = new Date(position).toISOString();
  // At the clocks of a zone already.
  return kind === 'date' ? text.slice(0, 10) : zone === null ? text : text.replace('Z', '');
}

function categoryAxis(labels: readonly string[], { paper }: Sheet) {
  return {
    type: 'category',
    data: [...labels],
    axisLine: { lineStyle: { color: paper.rule } },
    axisTick: { show: false },
    splitLine: { show: false },
    // A label that is cut is shown in full where it is pointed at.
    tooltip: {
      show: true,
      formatter: ({ value }: { value: unknown }) => escaped(String(value)),
    },
  };
}

/** Places beside each other. */
export function uprightPlaces(
  { labels, isRegular }: Places,
  room: number,
  isLine: boolean,
  sheet: Sheet,
) {
  const { width, rotate, every } = fitLabels(labels, room, isRegular);
  return {
    ...categoryAxis(labels, sheet),
    boundaryGap: !isLine,
    axisLabel: {
      ...labelStyle(sheet.paper),
      hideOverlap: rotate === 0,
      rotate,
      interval: every - 1,
      formatter: cutter(labels, width),
    },
  };
}

const LEAST_HEIGHT = 14;

/** Places below each other, each with its label at the left. */
export function flatPlaces(labels: readonly string[], sheet: Sheet) {
  const most = Math.max(80, Math.min(280, sheet.width * 0.36));
  const each = 4_000 / labels.length;
  return {
    ...categoryAxis(labels, sheet),
    inverse: true,
    axisLabel: {
      ...labelStyle(sheet.paper),
      hideOverlap: false,
      interval: Math.max(1, Math.ceil(LEAST_HEIGHT / each)) - 1,
      formatter: cutter(labels, most),
    },
  };
}
