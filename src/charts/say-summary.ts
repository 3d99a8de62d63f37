import { lookOf } from './chart-types.ts';
import { inWords, measureTitle } from './measure-title.ts';
import {
  groupNames,
  isolated,
  measureWriter,
  seriesNames,
  splitTitle,
  valuesAlong,
  xTitle,
  xWriter,
} from './names.ts';
import { placeNames } from './numbers-of.ts';
import type { Cell, Picture, PointsPicture, SeriesPicture } from './picture.ts';
import type { Writers } from './writers.ts';

/** A summary for people who cannot see a chart: what it shows, how many values, least, most, and the trend. */
export function saySummary(picture: Picture, type: string | null, writers: Writers): string {
  if (picture.kind === 'series') return seriesSummary(picture, type, writers);
  return picture.kind === 'points' ? pointsSummary(picture, writers) : '';
}

/** What a picture shows, for a chart without a title: "Sum of sales by region". */
export function sayTitle(picture: Picture, writers: Writers): string {
  if (picture.kind !== 'series' && picture.kind !== 'points' && picture.kind !== 'figure')
    return '';
  const titles = inWords(picture.measures.map((measure) => measureTitle(measure, writers)));
  if (picture.kind === 'figure') return titles;
  const along = picture.x.column === null ? '' : xTitle(picture, writers);
  const by = inWords([along, splitTitle(picture, writers)].filter((name) => name !== ''));
  return by === '' ? titles : `${titles} by ${by}`;
}

/** A value with where it is. */
type Found = { value: Cell; number: number; place: string; name: string; write: Write };
type Write = (value: Cell) => string;

function seriesSummary(picture: SeriesPicture, type: string | null, writers: Writers): string {
  const { x, measures, series } = picture;
  const names = seriesNames(picture, writers);
  const places = placeNames(x, writers);
  const found = series.map(({ measure, values, at }, index) => {
    const write = measureWriter(measures[measure], writers);
    return values.flatMap((value, place): Found[] => {
      const number = Number(value);
      if (value === null || !Number.isFinite(number)) return [];
      const where = x.column === null ? '' : (places[at?.[place] ?? place] ?? '');
      return [{ value, number, place: where, name: names[index] ?? '', write }];
    });
  });
  const isSplit = series.length > 1;
  return [
    `${kindOf(type)}: ${sayTitle(picture, writers)}.`,
    isSplit ? `${series.length} series: ${listed(names)}.` : '',
    extremes(found.flat(), isSplit, writers),
    trend(found, lookOf(type).mark === 'line', isSplit),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function pointsSummary(picture: PointsPicture, writers: Writers): string {
  const { x, measures, groups } = picture;
  const [measure] = measures;
  if (measure === undefined) return '';
  const write = measureWriter(measure, writers);
  const names = groupNames(picture, writers);
  const writeX = xWriter(x, valuesAlong(picture), writers);
  const isSplit = groups.length > 1;
  const found = groups.flatMap(({ points }, index) =>
    points.map(([left = null, value = null]): Found => {
      const place = writeX(left);
      return { value, number: Number(value), place, name: names[index] ?? '', write };
    }),
  );
  return [
    `Scatter plot: ${sayTitle(picture, writers)}.`,
    isSplit ? `${groups.length} series: ${listed(names)}.` : '',
    extremes(found, isSplit, writers),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function extremes(found: readonly Found[], isSplit: boolean, { cell }: Writers): string {
  const [first] = found;
  if (first === undefined) return 'No values.';
  if (found.length === 1) return `1 value: ${said(first, isSplit)}.`;
  const least = found.reduce((one, other) => (other.number < one.number ? other : one));
  const most = found.reduce((one, other) => (other.number > one.number ? other : one));
  return `${cell(null, 'number')(found.length)} values: from ${said(least, isSplit)} to ${said(most, isSplit)}.`;
}

function trend(found: readonly Found[][], isLine: boolean, isSplit: boolean): string {
  if (!isLine) return '';
  const sentences = found.slice(0, MOST_TRENDS).flatMap((values) => {
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined || first === last) return [];
    const who = isSplit ? `${first.name} begins` : 'It begins';
    return [
      `${who} at ${first.write(first.value)} (${first.place}) and ends at ${last.write(last.value)} (${last.place}).`,
    ];
  });
  return sentences.join(' ');
}

/** The trends of more lines are in the table. */
const MOST_TRENDS = 4;
const MOST_NAMES = 12;

function said({ value, place, name, write }: Found, isSplit: boolean): string {
  const parts = [place, isSplit ? name : ''].filter((part) => part !== '');
  const where = parts.map(isolated).join(', ');
  return where === '' ? write(value) : `${write(value)} (${where})`;
}

function listed(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return inWords(names);
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}

const kinds = {
  line: 'Line chart',
  area: 'Area chart',
  bar: 'Bar chart',
  slices: 'Pie chart',
  pivot: 'Pivot table',
};

function kindOf(type: string | null): string {
  const { shape, mark, isFilled } = lookOf(type);
  if (shape === 'slices' || shape === 'pivot') return kinds[shape];
  if (mark === 'bar') return kinds.bar;
  return isFilled ? kinds.area : kinds.line;
}
