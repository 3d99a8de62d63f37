import { isCount, measureTitle } from './measure-title.ts';
import { measureWriter } from './names.ts';
import type { Cell, FigurePicture } from './picture.ts';
import type { Writers } from './writers.ts';

/** A big number as it is written. */
export type SaidFigure = {
  text: string;
  /** What the number is, where the title of the chart cannot say it. */
  title: string;
  /** "vs 1,200, +4%"; absent for one number. */
  comparison?: string;
};

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d|$)/;

/** Writes a big number, and how it compares with a second one. */
export function sayFigure({ measures, values }: FigurePicture, writers: Writers): SaidFigure {
  const write = (index: number) => {
    const value = values[index] ?? null;
    const measure = measures[index];
    if (typeof value === 'string' && TIME.test(value) && measure && !isCount(measure))
      return writers.cell(measure.column, value.includes('T') ? 'time' : 'date')(value);
    return typeof value === 'boolean' ? String(value) : measureWriter(measure, writers)(value);
  };
  const [measure, second] = measures;
  const title = measure ? measureTitle(measure, writers) : '';
  if (second === undefined) return { text: write(0), title };
  const than = `vs ${write(1)} (${measureTitle(second, writers)})`;
  const change = changeOf(values, writers);
  return { text: write(0), title, comparison: change ? `${than}, ${change}` : than };
}

/** By what share the first number is above the second; undefined where that means nothing. */
function changeOf([now, then]: readonly Cell[], { percent }: Writers): string | undefined {
  const [first, second] = [Number(now ?? Number.NaN), Number(then ?? Number.NaN)];
  if (!Number.isFinite(first) || !Number.isFinite(second) || second <= 0) return undefined;
  const share = first / second - 1;
  if (share === 0) return 'no change';
  return `${share > 0 ? '+' : ''}${percent(share)}`;
}
