/** A column of a query's result. */
export type Column = { name: string; type: string };
export type Cell = string | number | boolean | null;
/** The rows that are shown: the first of the result, each as a list of cells. */
export type Rows = readonly (readonly Cell[])[];

/** What a column holds, as far as showing it goes. */
export type ColumnKind = 'number' | 'time' | 'date' | 'text';

export function kindOf({ type }: Column): ColumnKind {
  const name = type.toUpperCase();
  if (
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC|HUGEINT|UHUGEINT)/.test(
      name,
    )
  ) {
    return 'number';
  }
  if (name.startsWith('TIMESTAMP') || name.startsWith('DATETIME')) return 'time';
  if (name.startsWith('DATE')) return 'date';
  return 'text';
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const ungrouped = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 6 });

/** A number with marks at its thousands. A year has none: nobody writes 2,026. */
export function saidNumber(value: number, column: string): string {
  return /(^|_|\b)(year|id)$/i.test(column) ? ungrouped.format(value) : grouped.format(value);
}

/** A cell as people read it; null for one that is empty. */
export function saidCell(value: Cell | undefined, column: Column): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return saidNumber(value, column.name);
  const kind = kindOf(column);
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(String(value))) return String(value);
  if (kind === 'time')
    return String(value)
      .replace('T', ' ')
      .replace(/(\.\d+)?Z?$/, '');
  return String(value);
}
