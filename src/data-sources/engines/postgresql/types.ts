import { numbersLike, type SeenType, timesLike } from '../../results/seen-types.ts';

/** DuckDB's type for a type of PostgreSQL, by its number in pg_type; its text for all that DuckDB has not. */
export function postgresqlType(oid: number, modifier: number): string | SeenType {
  if (oid === NUMERIC) return numbersLike(digitsOf(modifier));
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
function digitsOf(modifier: number): { digits: number; scale: number } | undefined {
  const digits = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const isKnown = modifier >= 4 && digits <= 38 && scale >= 0 && scale <= digits;
  return isKnown ? { digits, scale } : undefined;
}
