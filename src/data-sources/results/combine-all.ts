import type { DuckDBConnection } from '@duckdb/node-api';
import type { Aggregate } from '../../charts/chart-words.ts';
import type { Cell } from '../../charts/picture.ts';
import { typedColumns } from './column-types.ts';
import { combinable, combined, isLeftOut, isTooLarge, type Values } from './combine-sql.ts';
import { shortCell } from './result-file.ts';

/** A text that is longer is cut. */
const MOST_CHARACTERS = 1_000;

/** One value that is made of all rows, and of how many values it is not because they are no finite numbers. */
export type CombinedAll = { value: Cell; leftOut: number };

/**
 * Makes one value of all rows of a source, for each of these.
 *
 * @param from SQL of the source, and of the number of each row.
 */
export async function combineAll(
  duckdb: DuckDBConnection,
  { from, number }: { from: string; number: string },
  asked: readonly (Values & { aggregate: Aggregate })[],
): Promise<CombinedAll[]> {
  if (asked.length === 0) return [];
  const values = asked.flatMap((one, index) => [
    `${combinable(one, one.aggregate)} AS i${index}`,
    `${isLeftOut(one, one.aggregate)} AS o${index}`,
  ]);
  const rows = `(SELECT ${number} AS n, ${values.join(', ')} FROM ${from})`;
  const read = async (inDoubles: boolean) => {
    const made = asked.flatMap((one, index) => [
      `${combined(one, one.aggregate, `i${index}`, { inDoubles })} AS v${index}`,
      `(count(*) FILTER (o${index}))::DOUBLE AS l${index}`,
    ]);
    const source = `FROM (SELECT ${made.join(', ')} FROM ${rows})`;
    const types = typedColumns(await duckdb.prepare(`${source} LIMIT 0`));
    const cells = types.map(
      ({ name, type }) => `(${shortCell(type, name, MOST_CHARACTERS).cell})::VARCHAR`,
    );
    return (await duckdb.runAndReadAll(`SELECT ${cells.join(', ')} ${source}`)).getRows()[0] ?? [];
  };
  const row = await read(false).catch((error) => {
    if (!isTooLarge(error)) throw error;
    return read(true);
  });
  const cells = row.map((cell) => (cell === null ? null : JSON.parse(String(cell))) as Cell);
  return asked.map((_, index) => ({
    value: cells[2 * index] ?? null,
    leftOut: Number(cells[2 * index + 1] ?? 0),
  }));
}
