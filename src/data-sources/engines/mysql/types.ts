import { numbersLike, type SeenType } from '../../results/seen-types.ts';

/** What MySQL says of a column, as far as its type goes. */
export type MysqlField = {
  name: string;
  columnType: number;
  columnLength: number;
  decimals: number;
  flags: number;
  extendedFormat?: string;
};

const UNSIGNED = 32;

/** DuckDB's type for a column of MySQL or MariaDB; its text for all that DuckDB has not. */
export function mysqlType({
  columnType,
  columnLength,
  decimals,
  flags,
  extendedFormat,
}: MysqlField): string | SeenType {
  const isUnsigned = (flags & UNSIGNED) !== 0;
  if (extendedFormat === 'json') return 'JSON';
  const whole = wholeNumbers[columnType];
  if (whole !== undefined) return isUnsigned ? `U${whole}` : whole;
  if (columnType === NEWDECIMAL) {
    const signs = (decimals > 0 ? 1 : 0) + (isUnsigned ? 0 : 1);
    const digits = columnLength - signs;
    return digits <= 38 ? `DECIMAL(${digits},${decimals})` : numbersLike();
  }
  return types[columnType] ?? 'VARCHAR';
}

const NEWDECIMAL = 246;
const wholeNumbers: Record<number, string> = {
  1: 'TINYINT',
  2: 'SMALLINT',
  3: 'INTEGER',
  8: 'BIGINT',
  9: 'INTEGER', // of 24 bits
};
const types: Record<number, string> = {
  4: 'FLOAT',
  5: 'DOUBLE',
  7: 'TIMESTAMP',
  10: 'DATE',
  12: 'TIMESTAMP',
  13: 'SMALLINT', // year
  245: 'JSON',
};
