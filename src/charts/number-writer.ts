import type { Format } from './chart-spec.ts';

/** A number, or the digits of one that has more than a number keeps. */
export type Digits = number | Intl.StringNumericLiteral;

/** Below this, zeros after the point are harder to count than an exponent is to read. */
const LEAST_PLAIN = 1e-6;
/** Beyond this, a 64-bit float has not all the digits that it would be written with. */
const MOST_PLAIN = Number.MAX_SAFE_INTEGER;
const MOST_SHORT = 1e15;
const DIGITS = 6;
const DIGITS_OF_SMALL = 3;

/**
 * What writes the numbers of a column as people of a locale do. Nothing but zero is written as zero, and digits that are
 * given as text are all kept.
 *
 * @param locales as Intl takes them: the reader's own.
 */
export function numberWriter(
  column: string,
  format: Format = {},
  locales?: string | readonly string[],
): (value: Digits) => string {
  const { style, decimals, prefix = '', suffix = '' } = format;
  const isPercent = style === 'percent';
  const isShort = style === 'short';
  const grouping = groupingOf(column, format);
  const least = 10 ** -((decimals ?? 0) + (isPercent ? 2 : 0));

  const writer = (options: Intl.NumberFormatOptions) => {
    let made: Intl.NumberFormat | undefined;
    const all = { signDisplay: 'negative', useGrouping: grouping, ...options } as const;
    return () => {
      made ??= new Intl.NumberFormat(locales, isPercent ? { style: 'percent', ...all } : all);
      return made;
    };
  };
  const usual: Intl.NumberFormatOptions = {
    ...(isShort ? { notation: 'compact', useGrouping: 'min2' } : {}),
    ...(decimals === undefined
      ? { maximumFractionDigits: isPercent || isShort ? 1 : DIGITS }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  };
  const asUsual = writer(usual);
  const asFraction = grouping === 'min2' ? writer({ ...usual, useGrouping: 'always' }) : asUsual;
  const inFull = writer({ maximumFractionDigits: 100 });
  const precise = writer({ maximumSignificantDigits: DIGITS });
  const small = writer({ maximumSignificantDigits: DIGITS_OF_SMALL });
  const scientific = writer({ notation: 'scientific', maximumSignificantDigits: DIGITS });

  /** What writes a value that is not zero, by its size. */
  const writerOf = (value: Digits, size: number) => {
    if (typeof value === 'string' && !isShort) return decimals === undefined ? inFull : asUsual;
    if (size > (isShort ? MOST_SHORT : MOST_PLAIN)) return scientific;
    if (decimals !== undefined) return asUsual;
    if (size < LEAST_PLAIN) return scientific;
    if (isPercent) return size < 0.001 ? small : asUsual;
    if (size < 1) return isShort ? small : precise;
    return Number.isInteger(value) ? asUsual : asFraction;
  };
  return (value) => {
    const number = Number(value);
    const size = Math.abs(number);
    const write = (given: Digits, by: () => Intl.NumberFormat) =>
      withAffixes(by().formatToParts(given as number), prefix, suffix);
    if (size === 0 || Number.isNaN(size)) return write(value, asUsual);
    // With so many digits it would be zero, which it is not.
    if (decimals !== undefined && size < least / 2)
      return number < 0 ? `>${write(-least, asUsual)}` : `<${write(least, asUsual)}`;
    return write(value, writerOf(value, size));
  };
}

/** The prefix is after the sign. */
function withAffixes(parts: Intl.NumberFormatPart[], prefix: string, suffix: string): string {
  const sign = parts[0]?.type === 'minusSign' ? parts.shift()?.value : '';
  const texts = parts.map(({ type, value }) => (type === 'compact' && value === 'K' ? 'k' : value));
  return `${sign}${prefix}${texts.join('')}${suffix}`;
}

/**
 * Whether thousands are marked: as the author says, and else never in identifiers, and in whole numbers from 10,000 on,
 * for years and codes have four digits. What has a fraction or a format is a quantity, whose thousands are all marked.
 */
function groupingOf(column: string, { style, decimals, prefix, suffix }: Format) {
  if (style === 'plain') return false;
  if (style !== undefined) return 'always';
  if (isIdentifier(column)) return false;
  return (decimals ?? prefix ?? suffix) === undefined ? 'min2' : 'always';
}

/** `id`, `order_id`, `orderId`, `Zip code`: looked up by its digits, and never added. */
function isIdentifier(column: string): boolean {
  const hasItsName = /(^|[\s_.-])(id|code|zip|postcode|isbn|ean|sku)$/i.test(column);
  return hasItsName || /[a-z](Id|ID)$/.test(column);
}
