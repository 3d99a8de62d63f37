import { keptAsText } from '../../results/column-notes.ts';
import { numbersLike, type SeenType, timesLike } from '../../results/seen-types.ts';
import type { TextColumn } from '../../results/write-text-rows.ts';

/** A column of PostgreSQL's: its type by number in pg_type, and what PostgreSQL calls it. */
export type PostgresqlColumn = { name: string; oid: number; modifier: number; typeName: string };

export function postgresqlColumn({ name, oid, modifier, typeName }: PostgresqlColumn): TextColumn {
  const type = postgresqlType(oid, modifier, typeName);
  return {
    name,
    type,
    note:
      type === 'VARCHAR' && !TEXTS.test(typeName)
        ? keptAsText(typeName.replaceAll('"', ''))
        : undefined,
  };
}

/** Types whose values are texts to PostgreSQL, too. */
const TEXTS = /^(text|character( varying)?(\(\d+\))?|"char"|name|citext|unknown|cstring)$/;

/** DuckDB's type for a type of PostgreSQL; its text for all that DuckDB has not. */
function postgresqlType(oid: number, modifier: number, name: string): string | SeenType {
  if (oid === NUMERIC) return numbersLike({ name, digits: digitsOf(modifier) });
  const type = types[oid] ?? 'VARCHAR';
  return /^(DATE|TIMESTAMP)/.test(type) ? timesLike(type) : type;
}

const NUMERIC = 1700;
const types: Record<number, string> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  26: 'UINTEGER', // oid
  114: 'JSON',
  700: 'FLOAT',
  701: 'DOUBLE',
  1082: 'DATE',
  1083: 'TIME',
  1114: 'TIMESTAMP',
  1184: 'TIMESTAMP WITH TIME ZONE',
  2950: 'UUID',
  3802: 'JSON', // jsonb
};

/** The digits that a numeric was declared with, where a DECIMAL may have as many. Sums and averages have none declared. */
function digitsOf(modifier: number): { all: number; scale: number } | undefined {
  const all = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const isKnown = modifier >= 4 && all <= 38 && scale >= 0 && scale <= all;
  return isKnown ? { all, scale } : undefined;
}
