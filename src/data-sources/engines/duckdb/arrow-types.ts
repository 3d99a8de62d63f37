import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { type DataType, type Field, TimeUnit, type TimeUnit_, Type } from '@uwdata/flechette';

/** A type of DuckDB, and how a value of it is made of one that Arrow has, where there is one. */
export type ColumnReader = { type: DuckDBType; cell: (value: never) => DuckDBValue };

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_DIGITS = 38;

const asItIs = (type: DuckDBType): ColumnReader => ({ type, cell: (value) => value });
const whole = {
  signed: { 8: TINYINT, 16: SMALLINT, 32: INTEGER, 64: BIGINT },
  unsigned: { 8: UTINYINT, 16: USMALLINT, 32: UINTEGER, 64: UBIGINT },
};

/** What DuckDB makes of an Arrow type. @throws Error where it has none that holds its values. */
export function readerOf(type: DataType): ColumnReader {
  switch (type.typeId) {
    case Type.Dictionary:
      return readerOf(type.dictionary);
    case Type.RunEndEncoded:
      return readerOf(type.children[1].type);
    case Type.Null:
      return asItIs(INTEGER);
    case Type.Bool:
      return asItIs(BOOLEAN);
    case Type.Int:
      return asItIs(whole[type.signed ? 'signed' : 'unsigned'][type.bitWidth]);
    case Type.Float:
      return asItIs(type.precision === 2 ? DOUBLE : FLOAT);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return asItIs(VARCHAR);
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary:
      return { type: BLOB, cell: (bytes: Uint8Array) => new DuckDBBlobValue(bytes) };
    case Type.Decimal:
      return decimal(type.precision, type.scale);
    case Type.Date:
      return { type: DATE, cell: (ms: number) => new DuckDBDateValue(Math.floor(ms / DAY_MS)) };
    case Type.Time: {
      const { unit } = type;
      return { type: TIME, cell: (time: bigint) => new DuckDBTimeValue(micros(time, unit)) };
    }
    case Type.Timestamp:
      return timestamp(type.unit, type.timezone);
    case Type.List:
    case Type.LargeList:
    case Type.ListView:
    case Type.LargeListView:
    case Type.FixedSizeList:
      return list(type.children[0] as Field);
    case Type.Struct:
      return struct(type.children);
    case Type.Map:
      return map(type.children[0]);
    default: {
      const name = Object.entries(Type).find(([, id]) => id === type.typeId)?.[0] ?? 'unknown';
      throw new Error(`of the type ${name}, which is not supported`);
    }
  }
}

function decimal(digits: number, scale: number): ColumnReader {
  if (digits > MOST_DIGITS || scale < 0 || scale > digits)
    throw new Error(
      `of decimals with ${digits} digits, ${scale} of them after the point; at most ${MOST_DIGITS} are supported`,
    );
  return {
    type: DECIMAL(digits, scale),
    cell: (value: bigint | number) => new DuckDBDecimalValue(BigInt(value), digits, scale),
  };
}

function timestamp(unit: TimeUnit_, timezone: string | null): ColumnReader {
  if (timezone)
    return {
      type: TIMESTAMPTZ,
      cell: (time: bigint) => new DuckDBTimestampTZValue(micros(time, unit)),
    };
  const inUnit = {
    [TimeUnit.SECOND]: {
      type: TIMESTAMP_S,
      cell: (time: bigint) => new DuckDBTimestampSecondsValue(time),
    },
    [TimeUnit.MILLISECOND]: {
      type: TIMESTAMP_MS,
      cell: (time: bigint) => new DuckDBTimestampMillisecondsValue(time),
    },
    [TimeUnit.MICROSECOND]: {
      type: TIMESTAMP,
      cell: (time: bigint) => new DuckDBTimestampValue(time),
    },
    [TimeUnit.NANOSECOND]: {
      type: TIMESTAMP_NS,
      cell: (time: bigint) => new DuckDBTimestampNanosecondsValue(time),
    },
  };
  return inUnit[unit];
}

/** In microseconds; what is finer is cut off. */
function micros(time: bigint | number, unit: TimeUnit_): bigint {
  const whole = BigInt(time);
  if (unit === TimeUnit.NANOSECOND) return (whole - (((whole % 1000n) + 1000n) % 1000n)) / 1000n;
  return whole * 1000n ** BigInt(TimeUnit.MICROSECOND - unit);
}

function list({ type }: Field): ColumnReader {
  const items = readerOf(type);
  return {
    type: LIST(items.type),
    cell: (values: ArrayLike<never>) => new DuckDBListValue(Array.from(values, orNull(items))),
  };
}

function struct(fields: readonly Field[]): ColumnReader {
  const names = fields.map(({ name }) => name);
  const readers = fields.map(({ type }) => readerOf(type));
  const types = readers.map(({ type }) => type);
  const cells = readers.map(orNull);
  return {
    type: new DuckDBStructType(names, types),
    cell: (value: Record<string, never>) =>
      new DuckDBStructValue(
        Object.fromEntries(
          names.map((name, index) => [name, cells[index]?.(value[name] as never)]),
        ) as Record<string, DuckDBValue>,
      ),
  };
}

function map({ type }: Field): ColumnReader {
  const [keys, values] =
    'children' in type ? type.children.map((field) => readerOf(field.type)) : [];
  if (keys === undefined || values === undefined) throw new Error('of maps without keys or values');
  return {
    type: MAP(keys.type, values.type),
    cell: (pairs: [never, never][]) =>
      new DuckDBMapValue(
        pairs.map(([key, value]) => ({ key: keys.cell(key), value: orNull(values)(value) })),
      ),
  };
}

/** A reader's cells, and null for null. */
export function orNull({ cell }: ColumnReader): (value: never) => DuckDBValue {
  return (value) => (value === null || value === undefined ? null : cell(value));
}
