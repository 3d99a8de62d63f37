/** So much of a result is drawn; past it, a picture says what it leaves out. */
export const most = {
  /** The largest; others are one, or are left out. A pivot has all. */
  series: 12,
  /** Of one line. */
  points: 2_000,
  /** Along x where each value has a place of its own. */
  places: 500,
  slices: 8,
  /** Of a scatter plot. */
  dots: 5_000,
  /** Of a part of a pivot. */
  cells: 30_000,
  /** Of a part of a pivot that has more cells. */
  columns: 200,
  /** Columns that are measured where nobody chose any. */
  chosen: 4,
  /** Bytes of a picture's JSON. */
  bytes: 1_000_000,
  /** Of a text in a picture. */
  characters: 200,
} as const;
