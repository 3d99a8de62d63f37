import {
  type ColumnFacts,
  DAY_FIRST,
  kindOf,
  kinds,
  MONTH_FIRST,
  withHyphens,
} from './column-facts.ts';
import { excerpt } from './excerpt.ts';

/** The type of a column of a text file, as SQL. */
export type ColumnType = {
  type: string;
  /** How a text that is of it becomes a value, where a cast does not do; `?` stands for the text. */
  expression?: string;
  /** Why it is not what one would expect. */
  note?: string;
};

const NUMBERS = kinds.whole | kinds.decimal;
const FLOATS = NUMBERS | kinds.float | kinds.special;
const MOST_DIGITS = 38;
/** What DuckDB keeps in 64 bits, and adds and multiplies without running out of digits. */
const USUAL_DIGITS = 18;
const LONGEST_EXAMPLE = 40;

/** The narrowest type that has every value as its text says it. */
export function typeOf(facts: ColumnFacts): ColumnType {
  const { kinds: found, wholeDigits, scale } = facts;
  const areOnly = (some: number) => found !== 0 && (found & ~some) === 0;
  if (areOnly(kinds.whole)) {
    if (facts.isLong) return { type: 'BIGINT' };
    return wholeDigits <= MOST_DIGITS ? { type: 'HUGEINT' } : tooLong(facts);
  }
  if (areOnly(NUMBERS)) {
    const digits = wholeDigits + scale;
    if (digits <= USUAL_DIGITS) return { type: `DECIMAL(${USUAL_DIGITS},${scale})` };
    if (digits <= MOST_DIGITS) return { type: `DECIMAL(${MOST_DIGITS},${scale})` };
  }
  if (areOnly(FLOATS) && (found & ~kinds.special) !== 0)
    return facts.isFloat ? { type: 'DOUBLE' } : tooLong(facts);
  if (areOnly(kinds.truth)) return { type: 'BOOLEAN' };
  if (areOnly(kinds.date)) return { type: 'DATE' };
  if (areOnly(kinds.date | kinds.timestamp)) return { type: 'TIMESTAMP' };
  if (areOnly(kinds.zonedTimestamp))
    return { type: 'TIMESTAMPTZ', note: 'Times with a time zone, shown in UTC.' };
  if (areOnly(kinds.time)) return { type: 'TIME' };
  if (areOnly(kinds.dayMonth)) return dateOf(facts);
  return textOf(facts);
}

/** Whether the values of a whole file can be told to be of the type by a check of each alone. */
export function isSettled({ type }: ColumnType, { kinds: found }: ColumnFacts): boolean {
  if (type === 'VARCHAR') return (found & kinds.other) > 0 || (found & (found - 1)) > 0;
  return cheapCheck(type, '') !== undefined;
}

/** SQL that is true for a text, or null, which the type has a value for that says the same. */
export function checkOf({ type }: ColumnType, value: string): string {
  if (type === 'VARCHAR') return `strlen(${value}) >= 0`; // each text is read, since one may not be UTF-8
  const exact = exactKinds[type];
  const isExact = exact === undefined ? 'false' : `(${kindOf(value)}) & ${exact} > 0`;
  return `CASE WHEN ${value} IS NULL OR (${cheapCheck(type, value)}) THEN true ELSE ${isExact} END`;
}

function dateOf({ isDayFirst, isMonthFirst }: ColumnFacts): ColumnType {
  if (isDayFirst === isMonthFirst)
    return {
      type: 'VARCHAR',
      note: isDayFirst
        ? 'Text: no value shows whether the day or the month comes first.'
        : 'Text: these are not all dates with the day first, or all with the month first.',
    };
  const [format, first] = isDayFirst ? [DAY_FIRST, 'day'] : [MONTH_FIRST, 'month'];
  return {
    type: 'DATE',
    expression: `strptime(${withHyphens('?')}, '${format}')::DATE`,
    note: `Dates with the ${first} first.`,
  };
}

function tooLong({ wholeDigits, scale }: ColumnFacts): ColumnType {
  return {
    type: 'VARCHAR',
    note: `Text: no numeric type keeps all digits (up to ${wholeDigits} before the point and ${scale} after it).`,
  };
}

function textOf({ kinds: found, odd }: ColumnFacts): ColumnType {
  const others = found & ~kinds.other;
  if (odd === null)
    return (others & (others - 1)) === 0
      ? { type: 'VARCHAR' }
      : { type: 'VARCHAR', note: 'Text: its values are of different kinds.' };
  const example = JSON.stringify(excerpt(odd, LONGEST_EXAMPLE));
  if (/^[-+]?0\d+(\.\d+)?$/.test(odd))
    return { type: 'VARCHAR', note: `Text, which keeps leading zeros, as in ${example}.` };
  if (others === 0) return { type: 'VARCHAR' };
  return { type: 'VARCHAR', note: `Text, because of values such as ${example}.` };
}

const exactKinds: Record<string, number> = {
  BOOLEAN: kinds.truth,
  DATE: kinds.date,
  TIMESTAMP: kinds.date | kinds.timestamp,
};

/** SQL that is quick to find out, and true for nothing that is not of the type; it may be false for what is. */
function cheapCheck(type: string, value: string): string | undefined {
  const begins = (from: string, to: string) => `(${value} >= '${from}' AND ${value} < '${to}')`;
  // Each digit by itself: a cast passes over spaces, and over what follows a day of one digit.
  const digit = '[0-9]';
  const day = `${digit.repeat(4)}-${digit.repeat(2)}-${digit.repeat(2)}`;
  const decimal = /^DECIMAL\(18,(\d+)\)$/.exec(type);
  if (type === 'BIGINT')
    return `strlen(${value}) <= 18 AND NOT (${value} GLOB '?*[!0-9]*') AND (${begins('1', ':')} OR ${value} = '0' OR ${begins('-1', '-:')})`;
  if (decimal) {
    const scale = Number(decimal[1]);
    const isShort = `strlen(${value}) <= ${USUAL_DIGITS - scale}`;
    // Most have few digits. Where many stand behind the point, those before it are counted.
    const fits =
      scale <= 4
        ? isShort
        : `(${isShort} OR instr(${value}, '.') BETWEEN 1 AND ${USUAL_DIGITS - scale + 1})`;
    return `${fits} AND NOT (${value} GLOB '?*[!0-9.]*') AND NOT (${value} LIKE '%.%.%')
      AND NOT (${value} LIKE '%.${'_'.repeat(scale + 1)}%')
      AND (${begins('0', ':')} AND NOT ${begins('00', '0:')} OR ${begins('-1', '-:')})`;
  }
  if (type === 'DATE')
    return `${value} GLOB '${day}' AND ${value} >= '0001' AND TRY_CAST(${value} AS DATE) IS NOT NULL`;
  if (type === 'TIMESTAMP')
    return `${value} GLOB '${day}[T ][0-2]${digit}:[0-5]${digit}:[0-5]${digit}' AND NOT (${value} LIKE '___________24%') AND ${value} >= '0001' AND TRY_CAST(${value} AS TIMESTAMP) IS NOT NULL`;
  if (type === 'BOOLEAN') return `${value} IN ('true', 'false')`;
  return undefined;
}
