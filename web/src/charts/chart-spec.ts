import type { Formats } from '../results/format.ts';

/** Which columns a chart shows, and how; what is left out is chosen from the result. */
export type ChartSpec = {
  x?: string;
  y?: string[];
  /** The values that are lines over the bars of `y`, with an axis of their own. */
  y2?: string[];
  series?: string;
  /** Those of a table, in this order. */
  columns?: string[];
  formats?: Formats;
};
