import type { ColumnKind } from './column-kind.ts';
import type { Cell } from './picture.ts';

/** How exactly a date or time is written; `clock` is the time of a day alone. */
export type DateUnit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'clock';

/** What writes names and values for a reader: by the formats of a chart and the locale of the reader. */
export type Writers = {
  /** The display name of a column. */
  title: (column: string) => string;
  /** Writes the values of a column in full; `null` is for numbers of rows. */
  cell: (column: string | null, kind: ColumnKind) => (value: Cell) => string;
  /** Writes numbers of a column as short as an axis needs them. */
  tick: (column: string | null) => (value: number) => string;
  /** Writes dates of a column, given as milliseconds in UTC. */
  date: (column: string | null, unit: DateUnit) => (timeMs: number) => string;
  /** Writes a share: 0.25 as 25 %. */
  percent: (share: number) => string;
};
