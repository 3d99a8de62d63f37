import type { Total } from '../../../src/charts/picture.ts';
import { totalNames } from '../../../src/charts/totals.ts';
import { numberWriter } from './format.ts';
import type { GridColumn } from './grid-columns.ts';

/** A total as it stands below its column. */
export type GridTotal = { name: string; text: string };

/** The totals of these columns, by their places; those of columns that are not shown are left out. */
export function gridTotals(
  columns: readonly GridColumn[],
  totals: readonly Total[],
): ReadonlyMap<number, GridTotal> {
  const found = new Map<number, GridTotal>();
  for (const { column: name, aggregate, value } of totals) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) continue;
    const isCount = aggregate === 'count' || aggregate === 'count_distinct';
    const text = isCount
      ? numberWriter('', undefined)(Number(value))
      : (column.write(value) ?? '–');
    found.set(column.place, { name: totalNames[aggregate], text });
  }
  return found;
}
