import { type Format, numberWriter, timeWriter } from './format.ts';

/** A column of a query's result. */
export type Column = { name: string; type: string; note?: string };
export type Cell = string | number | boolean | null;
/** The rows that are shown: the first of the result, each as a list of cells. */
export type Rows = readonly Row[];
export type Row = readonly Cell[];

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

/** Where the columns stand that are to be shown, in this order; all of them where none of these is there. */
export function placesOf(columns: readonly Column[], names: readonly string[]): number[] {
  const found = names
    .map((name) => columns.findIndex((column) => column.name === name))
    .filter((place) => place >= 0);
  return found.length > 0 ? found : columns.map((_, place) => place);
}

/** What writes the cells of a column as people read them; null for one that is empty. */
export function cellWriter(
  column: Column,
  format: Format | undefined,
): (value: Cell | undefined) => string | null {
  const kind = kindOf(column);
  const writeNumber = numberWriter(column.name, format);
  const writeTime = timeWriter(column.type, format);
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'number') return writeNumber(value);
    const text = String(value);
    if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) {
      return writeNumber(text as Intl.StringNumericLiteral);
    }
    return kind === 'time' || kind === 'date' ? writeTime(text) : text;
  };
}
