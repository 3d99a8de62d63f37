/** What a text is, told by its characters. Each kind is a bit, so that a column's kinds are one number. */
export const kinds = {
  /** Whole, as a number is written: no sign but minus, no leading zeros. */
  whole: 1,
  /** With a point. */
  decimal: 2,
  /** With an exponent, or minus zero, which only a float has. */
  float: 4,
  /** NaN and infinities. */
  special: 8,
  truth: 16,
  date: 32,
  timestamp: 64,
  zonedTimestamp: 128,
  time: 256,
  /** Year last: day or month may come first. */
  dayMonth: 512,
  other: 1024,
} as const;

/** What all values of a column have in common. */
export type ColumnFacts = {
  /** The kinds of its values; 0 where it has none. */
  kinds: number;
  /** Most digits before the point, and behind it. */
  wholeDigits: number;
  scale: number;
  /** Whether a 64-bit float gives back every digit of each. */
  isFloat: boolean;
  /** Whether each is a whole number of 64 bits. */
  isLong: boolean;
  /** Whether each is a date with the day first, or with the month first. */
  isDayFirst: boolean;
  isMonthFirst: boolean;
  /** One that is of no kind. */
  odd: string | null;
};

/** No number or time that a type has is longer. */
const MOST_BYTES = 100;
/** Of those that begin with a letter. */
const MOST_WORD_BYTES = 'infinity'.length;
const EXAMPLE_CHARACTERS = 50;
const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{1,6})?)?';
const patterns = {
  whole: '-?(?:0|[1-9][0-9]*)',
  decimal: '-?(?:0|[1-9][0-9]*)?\\.[0-9]+|-?(?:0|[1-9][0-9]*)\\.',
  float: '-?(?:0|[1-9][0-9]*)?(?:\\.[0-9]+|\\.)?(?:[eE][-+]?[0-9]{1,3})?',
  special: '(?i)[-+]?(?:nan|inf|infinity)',
  date: `${day}|[0-9]{4}/[0-9]{2}/[0-9]{2}`,
  timestamp: `${day}[T ]${clock}`,
  zonedTimestamp: `${day}[T ]${clock} ?(?:Z|[-+](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)`,
  time: '(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{1,6})?)?',
  dayMonth: '[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}',
} as const;

const is = (value: string, pattern: string) => `regexp_full_match(${value}, '${pattern}')`;
const casts = (value: string, type: string) => `TRY_CAST(${value} AS ${type}) IS NOT NULL`;
/** A number's digits from the first that is not zero to the last, however its point and its exponent are written. */
const digitsOf = (number: string) =>
  `rtrim(ltrim(replace(regexp_replace(${number}, '[eE].*', ''), '.', ''), '-0'), '0')`;
/** Whether a float loses nothing of a number: few digits, or DuckDB writes the same digits again. */
const givesBack = (value: string) => {
  const float = `TRY_CAST(${value} AS DOUBLE)`;
  return `(isfinite(${float}) AND (strlen(${value}) <= 15 AND abs(${float}) > 1e-300
    OR ${digitsOf(`CAST(${float} AS VARCHAR)`)} = ${digitsOf(value)}))`;
};

/** SQL for the kind of a text. */
export function kindOf(value: string): string {
  const { other } = kinds;
  const after = (condition: string, type: string) =>
    `${condition} AND ${value} >= '0001' AND ${casts(value, type)}`;
  const timed = choose(other, [
    [after(is(value, patterns.timestamp), 'TIMESTAMP'), kinds.timestamp],
    [after(is(value, patterns.zonedTimestamp), 'TIMESTAMPTZ'), kinds.zonedTimestamp],
    [`${is(value, patterns.time)} AND ${casts(value, 'TIME')}`, kinds.time],
  ]);
  const word = choose(other, [
    [`lower(${value}) IN ('true', 'false')`, kinds.truth],
    [is(value, patterns.special), kinds.special],
  ]);
  const isZero = `NOT regexp_matches(${value}, '[1-9]')`;
  return choose(
    choose(other, [
      [`${is(value, patterns.whole)} AND ${value} <> '-0'`, kinds.whole],
      [
        `${is(value, patterns.decimal)} AND NOT (starts_with(${value}, '-') AND ${isZero})`,
        kinds.decimal,
      ],
      [after(is(value, patterns.date), 'DATE'), kinds.date],
      [is(value, patterns.dayMonth), kinds.dayMonth],
      [`${is(value, patterns.float)} AND ${casts(value, 'DOUBLE')}`, kinds.float],
      [is(value, patterns.special), kinds.special],
    ]),
    [
      [`${value} IS NULL`, 0],
      [`strlen(${value}) > ${MOST_BYTES}`, other],
      // What begins with a letter is soon told.
      [`${value} >= ':' AND strlen(${value}) > ${MOST_WORD_BYTES}`, other],
      [`${value} >= ':'`, word],
      [`contains(${value}, ':')`, timed],
    ],
  );
}

function choose(otherwise: number | string, cases: [string, number | string][]): string {
  const whens = cases.map(([condition, then]) => `WHEN ${condition} THEN ${then}`);
  return `CASE ${whens.join(' ')} ELSE ${otherwise} END`;
}

/** SQL that aggregates the facts of a column; toFacts reads what it gives. */
export const FACTS = 8;

/** @param kind the value's kind, found out before. */
export function factsSql(value: string, kind: string): string[] {
  // A FILTER would find out the value for all, and throw most of them away.
  const of = (some: number, sql: string) => `CASE WHEN ${kind} & ${some} > 0 THEN ${sql} END`;
  const { whole, decimal, float, dayMonth, other } = kinds;
  const point = `instr(${value}, '.')`;
  const wholeDigits = `CASE WHEN ${point} > 0 THEN ${point} - 1 ELSE strlen(${value}) END - starts_with(${value}, '-')::INTEGER`;
  const scale = `CASE WHEN ${point} > 0 THEN strlen(${value}) - ${point} ELSE 0 END`;
  const isDate = (format: string) =>
    of(dayMonth, `try_strptime(${withHyphens(value)}, '${format}') IS NOT NULL`);
  return [
    `bit_or(${kind})`,
    `max(${of(whole | decimal, wholeDigits)})`,
    `max(${of(whole | decimal, scale)})`,
    `bool_and(${of(whole | decimal | float, givesBack(value))})`,
    `bool_and(${of(whole, casts(value, 'BIGINT'))})`,
    `bool_and(${isDate(DAY_FIRST)})`,
    `bool_and(${isDate(MONTH_FIRST)})`,
    `min(${of(other, `substr(${value}, 1, ${EXAMPLE_CHARACTERS})`)})`,
  ];
}

export function toFacts(row: readonly unknown[]): ColumnFacts {
  const [found, wholeDigits, scale, isFloat, isLong, isDayFirst, isMonthFirst, odd] = row;
  return {
    kinds: Number(found ?? 0),
    wholeDigits: Number(wholeDigits ?? 0),
    scale: Number(scale ?? 0),
    isFloat: isFloat !== false,
    isLong: isLong !== false,
    isDayFirst: isDayFirst === true,
    isMonthFirst: isMonthFirst === true,
    odd: typeof odd === 'string' ? odd : null,
  };
}

export const DAY_FIRST = '%d-%m-%Y';
export const MONTH_FIRST = '%m-%d-%Y';

/** Dates whose parts other characters separate, as DAY_FIRST and MONTH_FIRST have them. */
export function withHyphens(value: string): string {
  return `replace(replace(${value}, '/', '-'), '.', '-')`;
}
