import type { Store, Value } from '../database/database.ts';

/** What orders the rows of a list: their places, or the numbers of their last changes. */
type RowOrder = 'slot' | 'changed';

/** Which rows: those of a list, by its number, that come after a slot or a change, up to `limit` of them. */
type RowsAfter = { list: number; by: RowOrder; after: number; limit: number };

const POSITION = '(select position from organizations where id = ?)';
/** A sign keeps planners from taking another index than the one that has the rows in order. */
const BOUNDS: Record<RowOrder, readonly string[]> = {
  slot: [`slot <= ${POSITION}`, `+changed <= ${POSITION}`],
  changed: [`changed <= ${POSITION}`],
};
const IS_IMPORTING = '(select import_position from organizations where id = ?) is not null';

/**
 * A query for the next rows of a list as everybody is to see them who follows the changes: what an import has done so
 * far is not there before it is published, and the rows that it has changed are as they were. One statement sees one
 * moment. Its values are `publishedValues`.
 *
 * @param condition what else is to be true of a row, such as `and body is not null`.
 */
export function publishedRows(columns: string, by: RowOrder, condition = ''): string {
  const part = (table: string, bounds: readonly string[]) => `
    select * from (
      select ${columns} from ${table}
      where organization_id = ? and list = ? and ${by} > ? and ${bounds.join(' and ')} ${condition}
      order by ${by} limit ?
    ) as ${table}_after`;
  return `${part('discovery_rows', BOUNDS[by])} union all ${part('replaced_rows', [IS_IMPORTING])}`;
}

/** @param ofCondition the values of the condition. */
export function publishedValues(
  organizationId: number,
  { list, by, after, limit }: RowsAfter,
  ofCondition: readonly Value[] = [],
): Value[] {
  const valuesOf = (bounds: number) => [
    ...[organizationId, list, after],
    ...Array<number>(bounds).fill(organizationId),
    ...ofCondition,
    limit,
  ];
  return [...valuesOf(BOUNDS[by].length), ...valuesOf(1)];
}

/** The next rows of a list, in order; see `publishedRows`. */
export async function listPublished<Row extends { slot: number; changed: number }>(
  store: Store,
  organizationId: number,
  { columns, condition, ...which }: RowsAfter & { columns: string; condition?: string },
): Promise<Row[]> {
  const { by, limit } = which;
  const rows = await store.all<Row>(
    publishedRows(columns, by, condition),
    publishedValues(organizationId, which),
  );
  return rows.sort((a, b) => a[by] - b[by]).slice(0, limit);
}
