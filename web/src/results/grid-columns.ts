import { type Cell, type Column, cellWriter, kindOf, placesOf } from './columns.ts';
import { type Formats, titleOf } from './format.ts';

/** A column as a table shows it. */
export type GridColumn = {
  /** Where its cells are in a row. */
  place: number;
  name: string;
  type: string;
  title: string;
  isNumber: boolean;
  /** A cell as people read it; null for one that is empty. */
  write: (value: Cell | undefined) => string | null;
};

export const allColumns: readonly string[] = [];
export const asTheyAre: Formats = {};

/** The columns to show, in the order of `only`; all of them where that names none. */
export function gridColumns(
  columns: readonly Column[],
  only: readonly string[],
  formats: Formats,
): GridColumn[] {
  return placesOf(columns, only).map((place) => {
    const column = columns[place] as Column;
    return {
      place,
      name: column.name,
      type: column.type,
      title: titleOf(column.name, formats),
      isNumber: kindOf(column) === 'number',
      write: cellWriter(column, formats[column.name]),
    };
  });
}
