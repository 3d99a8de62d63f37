/** What a pattern of dates is made of; the longest first. What stands in quotes is written as it is. */
export const PATTERN_TOKENS = [
  'yyyy',
  'yy',
  'MMMM',
  'MMM',
  'MM',
  'M',
  'dd',
  'd',
  'EEEE',
  'EEE',
  'Q',
  'HH',
  'H',
  'hh',
  'h',
  'mm',
  'ss',
  'SSS',
  'a',
] as const;
type Token = (typeof PATTERN_TOKENS)[number];

/** A pattern: tokens, marks between them, and text in single quotes. Other letters mean nothing, and are refused. */
export const TIME_PATTERN = `^(${PATTERN_TOKENS.join('|')}|[^A-Za-z']|'[^']*')+$`;

const pieces = new RegExp(`${PATTERN_TOKENS.join('|')}|'[^']*'|.`, 'gsu');

/** The parts of a time by the clocks of a zone. */
type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'ms', number>;

/** What writes times as a pattern says: `d MMM yyyy` is 31 Jan 2026. Words are those of the locale. */
export function patternWriter(
  pattern: string,
  timeZone: string,
  locales?: string | readonly string[],
): (timeMs: number) => string {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const partsOf = (timeMs: number): Parts => {
    const found = new Map(clock.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes) => Number(found.get(type) ?? 0);
    return {
      year: of('year'),
      month: of('month'),
      day: of('day'),
      hour: of('hour'),
      minute: of('minute'),
      second: of('second'),
      ms: of('fractionalSecond'),
    };
  };
  const writers = (pattern.match(pieces) ?? []).map((piece) => {
    const isQuoted = piece.startsWith("'") && piece.length > 1;
    const said = wordWriter(piece, timeZone, locales);
    if (said) return (_: Parts, timeMs: number) => said(timeMs);
    if (Object.hasOwn(figures, piece)) return figures[piece as keyof typeof figures];
    return () => (isQuoted ? piece.slice(1, -1) : piece);
  });
  return (timeMs) => {
    const parts = partsOf(timeMs);
    return writers.map((write) => write(parts, timeMs)).join('');
  };
}

const padded = (number: number, length = 2) => String(number).padStart(length, '0');

type Word = 'MMMM' | 'MMM' | 'EEEE' | 'EEE';

const figures: Record<Exclude<Token, Word>, (parts: Parts) => string> = {
  yyyy: ({ year }) => padded(year, 4),
  yy: ({ year }) => padded(year % 100),
  MM: ({ month }) => padded(month),
  M: ({ month }) => String(month),
  dd: ({ day }) => padded(day),
  d: ({ day }) => String(day),
  Q: ({ month }) => String(Math.ceil(month / 3)),
  HH: ({ hour }) => padded(hour),
  H: ({ hour }) => String(hour),
  hh: ({ hour }) => padded(hour % 12 || 12),
  h: ({ hour }) => String(hour % 12 || 12),
  mm: ({ minute }) => padded(minute),
  ss: ({ second }) => padded(second),
  SSS: ({ ms }) => padded(ms, 3),
  a: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
};

const words: Record<Word, Intl.DateTimeFormatOptions> = {
  // Beside a day, for some languages have another form of a month that stands alone.
  MMMM: { month: 'long', day: 'numeric' },
  MMM: { month: 'short', day: 'numeric' },
  EEEE: { weekday: 'long' },
  EEE: { weekday: 'short' },
};

/** What writes the name of a month or a day of the week; undefined for other pieces of a pattern. */
function wordWriter(
  piece: string,
  timeZone: string,
  locales: string | readonly string[] | undefined,
): ((timeMs: number) => string) | undefined {
  if (!Object.hasOwn(words, piece)) return undefined;
  const options = words[piece as Word];
  const type = options.month ? 'month' : 'weekday';
  const intl = new Intl.DateTimeFormat(locales as string[], { ...options, timeZone });
  return (timeMs) => intl.formatToParts(timeMs).find((part) => part.type === type)?.value ?? '';
}
