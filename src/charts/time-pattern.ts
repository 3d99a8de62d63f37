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

const part = new RegExp(`${PATTERN_TOKENS.join('|')}|'[^']*'|.`, 'gsu');

/** A time as a pattern says: `d MMM yyyy` is 31 Jan 2026. Words are those of the locale. */
export function writePattern(
  pattern: string,
  time: { timeMs: number; timeZone: string; locales?: string | readonly string[] | undefined },
): string {
  const values = valuesOf(time);
  return pattern.replaceAll(part, (piece) => {
    if (Object.hasOwn(values, piece)) return values[piece as Token]();
    return piece.startsWith("'") && piece.length > 1 ? piece.slice(1, -1) : piece;
  });
}

function valuesOf({
  timeMs,
  timeZone,
  locales,
}: Parameters<typeof writePattern>[1]): Record<Token, () => string> {
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
  const found = Object.fromEntries(
    clock.formatToParts(timeMs).map(({ type, value }) => [type, value]),
  );
  const of = (type: string) => Number(found[type] ?? 0);
  const padded = (number: number, length = 2) => String(number).padStart(length, '0');
  const word = (options: Intl.DateTimeFormatOptions, type: string) =>
    new Intl.DateTimeFormat(locales as string[], { ...options, timeZone })
      .formatToParts(timeMs)
      .find((one) => one.type === type)?.value ?? '';
  const hour = of('hour');
  return {
    yyyy: () => padded(of('year'), 4),
    yy: () => padded(of('year') % 100),
    // Beside a day, for some languages have another form of a month that stands alone.
    MMMM: () => word({ month: 'long', day: 'numeric' }, 'month'),
    MMM: () => word({ month: 'short', day: 'numeric' }, 'month'),
    MM: () => padded(of('month')),
    M: () => String(of('month')),
    dd: () => padded(of('day')),
    d: () => String(of('day')),
    EEEE: () => word({ weekday: 'long' }, 'weekday'),
    EEE: () => word({ weekday: 'short' }, 'weekday'),
    Q: () => String(Math.ceil(of('month') / 3)),
    HH: () => padded(hour),
    H: () => String(hour),
    hh: () => padded(hour % 12 || 12),
    h: () => String(hour % 12 || 12),
    mm: () => padded(of('minute')),
    ss: () => padded(of('second')),
    SSS: () => padded(of('fractionalSecond'), 3),
    a: () => (hour < 12 ? 'AM' : 'PM'),
  };
}
