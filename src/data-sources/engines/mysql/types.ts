import { keptAsText } from '../../results/column-notes.ts';
import { numbersLike, type SeenType, timesLike } from '../../results/seen-types.ts';
import type { TextColumn } from '../../results/write-text-rows.ts';

/** What MySQL says of a column, as far as its type goes. */
export type MysqlField = {
  name: string;
  columnType: number;
  columnLength: number;
  decimals: number;
  flags: number;
  characterSet: number;
  extendedFormat?: string;
};

const UNSIGNED = 32;
const NEWDECIMAL = 246;
const BIT = 16;
/** The character set of what is no text. */
const BINARY = 63;

export function mysqlColumn(field: MysqlField): TextColumn {
  const type = mysqlType(field);
  return { name: field.name, type, note: type === 'VARCHAR' ? noteOn(field) : undefined };
}

function noteOn({ columnType, characterSet }: MysqlField): string | undefined {
  const name =
    asText[columnType] ?? (isString(columnType) && characterSet === BINARY ? 'Binary' : undefined);
  return name === undefined ? undefined : keptAsText(name);
}

/** VARCHAR, and from TINY_BLOB to STRING. */
const isString = (columnType: number) =>
  columnType === 15 || (columnType >= 249 && columnType <= 254);

/** A cell as text: what is binary in hexadecimal digits, bits as such. */
export function mysqlText(cell: unknown, { columnType, columnLength }: MysqlField): string | null {
  if (cell === null || cell === undefined) return null;
  if (!Buffer.isBuffer(cell)) return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  const hex = cell.toString('hex');
  if (columnType !== BIT) return `\\x${hex}`;
  const bits = BigInt(`0x${hex || 0}`);
  // MariaDB sends those of a scalar subquery as a number in text.
  const isText = bits >> BigInt(columnLength) > 0n;
  return (isText ? BigInt(String(cell)) : bits).toString(2).padStart(columnLength, '0');
}

/** DuckDB's type for a column of MySQL or MariaDB; its text for all that DuckDB has not. */
function mysqlType({
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
    const name = `decimal(${digits},${decimals})`;
    return digits <= 38 ? name.toUpperCase() : numbersLike({ name });
  }
  const type = types[columnType] ?? 'VARCHAR';
  return /^(DATE|TIMESTAMP)$/.test(type) ? timesLike(type) : type;
}

const wholeNumbers: Record<number, string> = {
  1: 'TINYINT',
  2: 'SMALLINT',
  3: 'INTEGER',
  8: 'BIGINT',
  9: 'INTEGER', // of 24 bits
};
const asText: Record<number, string> = {
  11: 'TIME', // which may be longer than a day
  16: 'BIT',
  255: 'GEOMETRY',
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
