import { type Cell, type Column, cellWriter, kindOf, type Rows } from '../results/columns.ts';
import { type Formats, titleOf } from '../results/format.ts';
import { words } from '../words.ts';
import type { ChartSpec } from './chart-spec.ts';

/** What a chart shows of its query's result: columns by their names. */
export type Picture = {
  type: string;
  x: string | undefined;
  y: readonly string[];
  /** The columns that are lines over the bars of `y`. */
  y2: readonly string[];
  /** The column whose values tell lines or colours apart. */
  series: string | undefined;
  /** Those that a table shows, in this order; none for all. */
  columns: readonly string[];
  formats: Formats;
};

/** What a chart shows, as its author said it. */
export function pictureOf({
  chart_type: type,
  spec,
}: {
  chart_type: string | null;
  spec: ChartSpec | null;
}): Picture {
  const { x, y = [], y2 = [], series, columns = [], formats = {} } = spec ?? {};
  return { type: type ?? 'table', x, y, y2, series, columns, formats };
}

/** One line, or one colour of bars: its values in the order of the categories. */
export type Series = { name: string; column: string; values: (number | null)[] };

/** What is drawn along an axis, or around a pie. */
export type Plot = { categories: Cell[]; series: Series[]; isTime: boolean; isNumeric: boolean };

/** So many columns are drawn where nobody has chosen any. */
const MOST_CHOSEN = 4;

/** Past this, a chart is a smudge; the table has the rest. */
const MOST_SERIES = 24;

/** The picture with what its author left open: the first column that can be an axis, and those that are numbers. */
export function filledPicture(picture: Picture, columns: readonly Column[]): Picture {
  const numbers = columns.filter((column) => kindOf(column) === 'number').map(({ name }) => name);
  const has = (name: string | undefined) => columns.some((column) => column.name === name);
  const x = has(picture.x)
    ? picture.x
    : (columns.find((column) => kindOf(column) !== 'number') ?? columns[0])?.name;
  const isDouble = picture.type === 'linePlusBar';
  const y2 = isDouble ? picture.y2.filter(has) : [];
  const isFree = (name: string) => !y2.includes(name);
  const given = picture.y.filter(has).filter(isFree);
  const y =
    given.length > 0
      ? given
      : numbers.filter((name) => name !== x && isFree(name)).slice(0, MOST_CHOSEN);
  const series = has(picture.series) && !isDouble ? picture.series : undefined;
  return { ...picture, x, y, y2, series };
}

/** The rows as lines or bars: a category for each value of `x`, a series for each `y`, or each value of `series`. */
export function plotOf(picture: Picture, columns: readonly Column[], rows: Rows): Plot {
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const x = at(picture.x);
  const split = at(picture.series);
  const categories: Cell[] = [];
  const placeOf = new Map<Cell, number>();
  const series = new Map<string, Series>();
  for (const row of rows) {
    const category = row[x] ?? null;
    let place = placeOf.get(category);
    if (place === undefined) {
      place = categories.push(category) - 1;
      placeOf.set(category, place);
    }
    for (const column of [...picture.y, ...picture.y2]) {
      const key = split < 0 ? column : JSON.stringify([column, row[split]]);
      let one = series.get(key);
      if (one === undefined) {
        if (series.size === MOST_SERIES) continue;
        const title = titleOf(column, picture.formats);
        const measure = picture.y.length > 1 ? title : undefined;
        const name = split < 0 ? title : nameOf(row[split], measure);
        one = { name, column, values: [] };
        series.set(key, one);
      }
      one.values[place] = toNumber(row[at(column)]);
    }
  }
  for (const { values } of series.values()) {
    for (let index = 0; index < categories.length; index++) values[index] ??= null;
  }
  const kind = columns[x] ? kindOf(columns[x]) : 'text';
  return {
    categories,
    series: [...series.values()],
    isTime: kind === 'time' || kind === 'date',
    isNumeric: kind === 'number',
  };
}

/** What writes the values of `x`. */
export function categoryWriter(
  { x = '', formats }: Picture,
  columns: readonly Column[],
): (value: Cell) => string {
  const column = columns.find(({ name }) => name === x);
  const write = column ? cellWriter(column, formats[x]) : String;
  return (value) => (value === null ? words.emptyCell : (write(value) ?? words.emptyCell));
}

function nameOf(value: Cell | undefined, measure: string | undefined): string {
  const text = value === null || value === undefined ? words.emptyCell : String(value);
  return measure === undefined ? text : `${text}, ${measure}`;
}

export function toNumber(value: Cell | undefined): number | null {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? null : number;
}
