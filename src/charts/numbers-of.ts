import { measureTitle } from './measure-title.ts';
import {
  groupNames,
  isNamed,
  measureWriter,
  momentZone,
  others,
  seriesNames,
  splitName,
  splitTitle,
  valuesAlong,
  xTitle,
  xWriter,
} from './names.ts';
import type { Cell, PointsPicture, Series, SeriesPicture } from './picture.ts';
import { positionOf } from './positions.ts';
import type { Writers } from './writers.ts';

/** A table of texts. The first column, or more, names the rows. */
export type NumbersTable = {
  columns: { title: string; isNumber: boolean }[];
  /** How many of the columns name the rows. */
  names: number;
  rows: string[][];
};

/** The numbers of a picture as a table: a row for each x, a column for each series. */
export function numbersOf(picture: SeriesPicture | PointsPicture, writers: Writers): NumbersTable {
  return picture.kind === 'points' ? pointsTable(picture, writers) : seriesTable(picture, writers);
}

function seriesTable(picture: SeriesPicture, writers: Writers): NumbersTable {
  const { x, measures, series } = picture;
  const places = x.values.map((_, place) => place);
  const cells = series.map((one) => {
    const write = measureWriter(measures[one.measure], writers);
    const values = valuesByPlace(one);
    return places.map((place) => {
      const value = values(place);
      return value === undefined ? '' : write(value);
    });
  });
  const named = placeNames(x, writers);
  return {
    columns: [
      ...(x.column === null
        ? []
        : [{ title: xTitle(picture, writers), isNumber: x.kind === 'number' }]),
      ...seriesNames(picture, writers).map((title) => ({ title, isNumber: true })),
    ],
    names: x.column === null ? 0 : 1,
    rows: places.map((place) => [
      ...(x.column === null ? [] : [named[place] ?? '']),
      ...cells.map((column) => column[place] ?? ''),
    ]),
  };
}

/** A pivot table, or a part of one. */
export type PivotTexts = NumbersTable & {
  /** A total for each row, beside it. */
  rowTotals?: string[];
  /** Rows of totals below the others: what names them, a total for each column, and that of everything. */
  columnTotals?: { names: string[]; cells: string[]; all?: string }[];
};

/** What totals are called. */
export const TOTAL = 'Total';

/** A pivot: a row for each series, a column for each x. */
export function pivotOf(picture: SeriesPicture, writers: Writers): PivotTexts {
  const { x, measures, series, totals } = picture;
  const isSplit = series.some(isNamed);
  const hasMeasures = measures.length > 1 || !isSplit;
  const columns = [
    ...(isSplit ? [splitTitle(picture, writers)] : []),
    ...(hasMeasures ? ['Measure'] : []),
  ];
  const titles = placeNames(x, writers).map((title, place) =>
    x.column === null && measures[0] && place === 0 && !hasMeasures
      ? measureTitle(measures[0], writers)
      : title,
  );
  const write = measures.map((measure) => measureWriter(measure, writers));
  const written = (measure: number, value: Cell = null) => write[measure]?.(value) ?? '';
  return {
    columns: [
      ...columns.map((title) => ({ title, isNumber: false })),
      ...titles.map((title) => ({ title, isNumber: true })),
    ],
    names: columns.length,
    rows: series.map((one) => {
      const measure = measures[one.measure];
      const values = valuesByPlace(one);
      return [
        ...(isSplit ? [splitName(one)] : []),
        ...(hasMeasures && measure ? [measureTitle(measure, writers)] : []),
        ...x.values.map((_, place) => {
          const value = values(place);
          return value === undefined ? '' : written(one.measure, value);
        }),
      ];
    }),
    ...(totals?.rows && {
      rowTotals: series.map(({ measure }, row) => written(measure, totals.rows?.[row])),
    }),
    ...(totals?.columns && {
      columnTotals: measures.map((measure, index) => ({
        names: [
          ...(isSplit ? [TOTAL] : []),
          ...(hasMeasures
            ? [`${isSplit ? '' : `${TOTAL}: `}${measureTitle(measure, writers)}`]
            : []),
        ],
        cells: (totals.columns?.[index] ?? []).map((value) => written(index, value)),
        ...(totals.all && { all: written(index, totals.all[index]) }),
      })),
    }),
  };
}

function pointsTable(picture: PointsPicture, writers: Writers): NumbersTable {
  const { x, measures, label, groups } = picture;
  const [measure] = measures;
  const isSplit = groups.some(isNamed);
  const names = groupNames(picture, writers);
  const writeX = xWriter(x, valuesAlong(picture), writers);
  const writeY = measureWriter(measure, writers);
  const hasLabel = label !== null;
  return {
    columns: [
      ...(hasLabel ? [{ title: writers.title(label), isNumber: false }] : []),
      ...(isSplit ? [{ title: splitTitle(picture, writers), isNumber: false }] : []),
      { title: xTitle(picture, writers), isNumber: x.kind === 'number' },
      { title: measure ? measureTitle(measure, writers) : '', isNumber: true },
    ],
    names: hasLabel ? 1 : 0,
    rows: groups.flatMap(({ points }, group) =>
      points.map(([left = null, up = null, name = null]) => [
        ...(hasLabel ? [name === null ? '' : String(name)] : []),
        ...(isSplit ? [names[group] ?? ''] : []),
        writeX(left),
        writeY(up),
      ]),
    ),
  };
}

/** The values along x as they are written; without a column, one place that has all rows. */
export function placeNames(x: SeriesPicture['x'], writers: Writers): string[] {
  const write = xWriter(x, x.values, writers);
  const last = x.values.length - 1;
  const zone = x.time_zone ?? momentZone(x, x.values, writers) ?? null;
  const seen = new Set<number>();
  return x.values.map((value, place) => {
    if (x.column === null) return 'All rows';
    if (x.others !== undefined && place === last) return others(x.others);
    const clock = zone === null ? undefined : positionOf(value, { ...x, time_zone: zone });
    // When clocks are turned back, an hour comes twice.
    const isSecond = clock !== undefined && seen.has(clock);
    if (clock !== undefined) seen.add(clock);
    return isSecond ? `${write(value)} (2)` : write(value);
  });
}

/** The value of a series at a place; undefined where it has none. */
export function valuesByPlace({ at, values }: Series): (place: number) => Cell | undefined {
  if (at === undefined) return (place) => values[place];
  const found = new Map(at.map((place, index) => [place, values[index]]));
  return (place) => found.get(place);
}
