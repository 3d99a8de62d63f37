import type { DuckDBConnection } from '@duckdb/node-api';
import { columnKind } from '../../charts/column-kind.ts';
import { shortened } from '../../text.ts';
import { QueryError } from '../query-error.ts';
import { typeName } from '../results/column-types.ts';
import { type CombinedAll, combineAll } from '../results/combine-all.ts';
import { kindsOfTexts } from '../results/text-kinds.ts';
import type { RowTotal } from '../rows-view.ts';
import type { ReadColumn } from './filter-sql.ts';

/**
 * Totals of the rows that meet a condition.
 *
 * @throws QueryError sql_error for a sum or an average of what is no number.
 */
export async function readTotals(
  duckdb: DuckDBConnection,
  { file, columns }: { file: string; columns: readonly ReadColumn[] },
  condition: string,
  totals: readonly RowTotal[],
): Promise<CombinedAll[]> {
  const asked = totals.map(({ column, aggregate }) => {
    const of = columns[column];
    if (of === undefined) throw new Error('A total is of a column that there is.');
    return { ...of, aggregate, isAdded: aggregate === 'sum' || aggregate === 'avg' };
  });
  const named = new Set(asked.map(({ name }) => name));
  const texts = await kindsOfTexts(duckdb, file, columns, { named, isOpen: false });
  const values = asked.map(({ name, type: of, sql, aggregate, isAdded }) => {
    const type = typeName(of);
    const kind = texts.get(name) ?? columnKind({ name, type });
    if (isAdded && kind !== 'number' && kind !== 'boolean') throw refused(name, type, aggregate);
    return { sql, type, kind, aggregate };
  });
  return combineAll(duckdb, { from: `source WHERE ${condition}`, number: 'n' }, values);
}

function refused(name: string, type: string, aggregate: string): QueryError {
  return new QueryError({
    code: 'sql_error',
    message: `total[${shortened(name, 80)}] is "${aggregate}"; the column is a ${type}, and ${aggregate} takes numbers. Use min, max, count or count_distinct.`,
  });
}
