import { type Cell, type Column, kindOf, type Rows } from '../results/columns.ts';

/** What a chart shows of its query's result: columns by their names. */
export type Picture = {
  type: string;
  x: string | undefined;
  y: readonly string[];
  /** The column whose values tell lines or colours apart. */
  series: string | undefined;
};

/** One line, or one colour of bars: its values in the order of the categories. */
export type Series = { name: string; values: (number | null)[] };

/** What is drawn along an axis, or around a pie. */
export type Plot = { categories: Cell[]; series: Series[]; isTime: boolean; isNumeric: boolean };

/** Past this, a chart is a smudge; the table has the rest. */
const MOST_SERIES = 24;

/** The picture with what its author left open: the first column that can be an axis, and those that are numbers. */
export function filledPicture(picture: Picture, columns: readonly Column[]): Picture {
  const numbers = columns.filter((column) => kindOf(column) === 'number').map(({ name }) => name);
  const has = (name: string | undefined) => columns.some((column) => column.name === name);
  const x = has(picture.x)
    ? picture.x
    : (columns.find((column) => kindOf(column) !== 'number') ?? columns[0])?.name;
  const given = picture.y.filter(has);
  const y = given.length > 0 ? given : numbers.filter((name) => name !== x).slice(0, 4);
  return { ...picture, x, y, series: has(picture.series) ? picture.series : undefined };
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
    for (const name of picture.y) {
      const key = split < 0 ? name : nameOf(row[split], picture.y.length > 1 ? name : undefined);
      let one = series.get(key);
      if (one === undefined) {
        if (series.size === MOST_SERIES) continue;
        one = { name: key, values: [] };
        series.set(key, one);
      }
      one.values[place] = toNumber(row[at(name)]);
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

function nameOf(value: Cell | undefined, measure: string | undefined): string {
  const text = value === null || value === undefined ? '–' : String(value);
  return measure === undefined ? text : `${text}, ${measure}`;
}

export function toNumber(value: Cell | undefined): number | null {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? null : number;
}
