/**
 * How a type of chart shows a result. Names that mean the same picture are one entry each, as the Discovery API lists
 * them.
 */
export type Look = {
  /**
   * `series`: values along x. `slices`: parts of a whole. `points`: numbers against numbers. `pivot`: a row for each
   * series, a column for each x. `figure`: one value. `rows`: the result as it is.
   */
  shape: 'series' | 'slices' | 'points' | 'pivot' | 'figure' | 'rows';
  mark?: 'line' | 'bar';
  isStacked?: true;
  /** Whether values are shown as shares of their sum at each x. */
  isShare?: true;
  /** Bars that lie. */
  isFlat?: true;
  isFilled?: true;
  /** Whether `y2` is drawn, as lines with an axis of their own. */
  hasSecondAxis?: true;
  /** A pie with a hole. */
  isRing?: true;
};

/** The types of charts, in the words of the Discovery API and in the order in which they are offered. */
export const chartLooks = {
  table: { shape: 'rows' },
  line: { shape: 'series', mark: 'line' },
  bar: { shape: 'series', mark: 'bar' },
  hBar: { shape: 'series', mark: 'bar', isFlat: true },
  stackedBar: { shape: 'series', mark: 'bar', isStacked: true },
  stackedBar100: { shape: 'series', mark: 'bar', isStacked: true, isShare: true },
  hStackedBar: { shape: 'series', mark: 'bar', isFlat: true, isStacked: true },
  hStackedBar100: { shape: 'series', mark: 'bar', isFlat: true, isStacked: true, isShare: true },
  area: { shape: 'series', mark: 'line', isStacked: true, isFilled: true },
  totalArea: { shape: 'series', mark: 'line', isStacked: true, isShare: true, isFilled: true },
  linePlusBar: { shape: 'series', mark: 'bar', hasSecondAxis: true },
  pie: { shape: 'slices' },
  donut: { shape: 'slices', isRing: true },
  scatter: { shape: 'points' },
  bigNumber: { shape: 'figure' },
  pivotTable: { shape: 'pivot' },
} as const satisfies Record<string, Look>;

/** Areas that are not stacked: lines, which do not cover each other. */
export const notStacked: Look = chartLooks.line;

export type ChartType = keyof typeof chartLooks;

export const chartTypes = Object.keys(chartLooks) as ChartType[];

/** How a type is shown; one that an import brought and nobody here knows is shown as its rows. */
export function lookOf(type: string | null): Look {
  return Object.hasOwn(chartLooks, type ?? '') ? chartLooks[type as ChartType] : { shape: 'rows' };
}
