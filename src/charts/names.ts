import { isCount, measureTitle } from './measure-title.ts';
import type { Cell, Measure, PointsPicture, Series, SeriesPicture } from './picture.ts';
import { type Axis, positionOf, unitOf } from './positions.ts';
import type { DateUnit, Writers } from './writers.ts';

const EMPTY = '(empty)';
const BLANK = '(blank)';
/** Stands for a value that a series does not have. */
export const NO_VALUE = '–';

/** A text in one line. */
export function oneLine(value: Cell): string {
  if (value === null) return EMPTY;
  return String(value).replaceAll(/\s+/g, ' ').trim() || BLANK;
}

/** A text that is written from right to left, fit to stand among others: what follows it keeps its place. */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export const others = (count: number) => `Other (${count})`;

/** Names of series, each of its own: a second one of the same name has a number. */
export function seriesNames(
  { measures, series }: Pick<SeriesPicture, 'measures' | 'series'>,
  writers: Writers,
): string[] {
  const isSplit = series.some(isNamed);
  return distinct(
    series.map((one) => {
      const measure = measures[one.measure];
      const title = measure ? measureTitle(measure, writers) : '';
      if (!isSplit) return title;
      const name = splitName(one);
      return measures.length > 1 ? `${isolated(name)}, ${title}` : name;
    }),
  );
}

export function groupNames({ groups, measures }: PointsPicture, writers: Writers): string[] {
  const [measure] = measures;
  return distinct(
    groups.map((group) =>
      isNamed(group) || measure === undefined ? splitName(group) : measureTitle(measure, writers),
    ),
  );
}

type Named = Pick<Series, 'value' | 'others'>;

/** Whether it is told from others by a value. */
export const isNamed = ({ value, others }: Named) => value !== undefined || others !== undefined;

export function splitName({ value = null, others: count }: Named): string {
  return count === undefined ? oneLine(value) : others(count);
}

/** "region", what the names of its series are values of; empty where they are not. */
export function splitTitle(
  { split }: Pick<SeriesPicture, 'split'>,
  { title }: Pick<Writers, 'title'>,
): string {
  return split === null ? '' : title(split);
}

/** The same texts; what comes a second time has a number. */
export function distinct(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.map((text) => {
    let name = text;
    for (let number = 2; seen.has(name); number++) name = `${text} (${number})`;
    seen.add(name);
    return name;
  });
}

/** What writes the values of a measure. */
export function measureWriter(
  measure: Measure | undefined,
  writers: Writers,
): (value: Cell) => string {
  const column = measure && !isCount(measure) ? measure.column : null;
  const write = writers.cell(column, 'number');
  return (value) => (value === null ? NO_VALUE : write(value));
}

/** What writes the numbers of its axis. */
export function tickWriter(measure: Measure | undefined, writers: Writers, step: number) {
  return writers.tick(measure && !isCount(measure) ? measure.column : null, step);
}

/**
 * The zone by whose clocks the values along x are written, if they are moments. Undefined for those that were grouped in a
 * zone, which are at its clocks already.
 */
export function momentZone(
  { column, kind, time_zone: zone }: Axis & { column: string | null },
  values: readonly Cell[],
  writers: Writers,
): string | undefined {
  if (kind !== 'time' || zone != null) return undefined;
  const isMoment = values.some((value) => typeof value === 'string' && value.endsWith('Z'));
  return isMoment ? writers.zone(column) : undefined;
}

/** What writes values along x: as exact as they are. */
export function xWriter(
  axis: Axis & { column: string | null },
  values: readonly Cell[],
  writers: Writers,
): (value: Cell) => string {
  const { column, kind, unit } = axis;
  if (kind === 'text' || kind === 'boolean') return oneLine;
  const zone = momentZone(axis, values, writers);
  const clocks = zone === undefined ? axis : { ...axis, time_zone: zone };
  const plain = writers.cell(column, kind);
  if (kind === 'number') return (value) => (value === null ? EMPTY : plain(value));
  const known = values.filter((value) => value !== null);
  const exact = unit ?? exactness(known, clocks);
  const date = exact && writers.date(column, exact);
  return (value) => {
    if (value === null) return EMPTY;
    const position = positionOf(value, clocks);
    return position === undefined || !date ? plain(value) : date(position);
  };
}

/** How exactly times have to be written to be told apart; undefined if fractions of seconds count. */
function exactness(values: readonly Cell[], axis: Axis): DateUnit | undefined {
  const times = values.flatMap((value) => positionOf(value, axis) ?? []);
  if (times.length < values.length) return axis.kind === 'date' ? 'day' : undefined;
  return exactnessOf(times, axis);
}

/** The same of times in milliseconds. */
export function exactnessOf(times: readonly number[], { kind }: Axis): DateUnit | undefined {
  const unit = unitOf(times);
  if (kind === 'date' || (unit !== undefined && unit !== 'hour')) return 'day';
  if (times.every((timeMs) => timeMs % 60_000 === 0)) return 'minute';
  return times.every((timeMs) => timeMs % 1000 === 0) ? 'second' : undefined;
}

/** "month", "month, Europe/Vienna"; for the title of an axis. */
export function xTitle(
  picture: Pick<SeriesPicture, 'kind' | 'x'> | Pick<PointsPicture, 'kind' | 'x' | 'groups'>,
  writers: Writers,
  day?: string,
): string {
  const { column, unit, time_zone: zone } = picture.x;
  if (column === null) return '';
  const clocks = zone ?? momentZone(picture.x, valuesAlong(picture), writers);
  const by = [unit, clocks, day].filter((part) => part != null).join(', ');
  return by === '' ? writers.title(column) : `${writers.title(column)} (${by})`;
}

/** The values that a picture has along x. */
export function valuesAlong(
  picture: Pick<SeriesPicture, 'kind' | 'x'> | Pick<PointsPicture, 'kind' | 'groups'>,
): readonly Cell[] {
  return picture.kind === 'series'
    ? picture.x.values
    : picture.groups.flatMap(({ points }) => points.map(([value = null]) => value));
}
