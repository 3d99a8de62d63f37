import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnKind } from '../../charts/column-kind.ts';
import { type TypedColumn, typeName } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';

/** What texts may be all along, the narrowest first. */
const looks = [
  { kind: 'date', like: String.raw`\d{4}-\d\d-\d\d`, cast: 'DATE' },
  {
    kind: 'time',
    like: String.raw`\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?`,
    cast: 'TIMESTAMP',
  },
  { kind: 'number', like: String.raw`[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?`, cast: 'DOUBLE' },
] as const;

/** One of the first columns may be chosen where none was named. */
const MOST_UNNAMED = 4;

/**
 * Kinds of the text columns of a result of which every value is a date, a time or a number: engines without such types,
 * and values that no type holds, come as texts. A column without values is one of numbers, which only counts where it is
 * measured.
 *
 * @param named columns that charts name.
 * @param isOpen whether one of the charts leaves open what it takes.
 */
export async function kindsOfTexts(
  duckdb: DuckDBConnection,
  file: string,
  columns: readonly TypedColumn[],
  { named, isOpen }: { named: ReadonlySet<string>; isOpen: boolean },
): Promise<Map<string, ColumnKind>> {
  const kinds = new Map<string, ColumnKind>();
  const texts = columns.filter(({ type }) => typeName(type) === 'VARCHAR');
  const looked = texts.filter(
    ({ name }, index) => named.has(name) || (isOpen && index < MOST_UNNAMED),
  );
  for (const { name } of looked) {
    const column = identifier(name);
    const from = `FROM read_parquet(${literal(file)}) WHERE ${column} IS NOT NULL`;
    const first = await duckdb.runAndReadAll(`SELECT left(${column}, 100) ${from} LIMIT 1`);
    const [row] = first.getRows();
    if (row === undefined) {
      // Without a value it is whatever it is taken for.
      kinds.set(name, 'number');
      continue;
    }
    const text = row[0];
    const look = looks.find(({ like }) => new RegExp(`^(${like})$`).test(String(text)));
    if (look === undefined) continue;
    const { like, cast, kind } = look;
    const fits = `regexp_full_match(${column}, ${literal(like)}) AND TRY_CAST(${column} AS ${cast}) IS NOT NULL`;
    const all = await duckdb.runAndReadAll(`SELECT 1 ${from} AND NOT (${fits}) LIMIT 1`);
    if (all.currentRowCount === 0) kinds.set(name, kind);
  }
  return kinds;
}
