/** How the values of a column are written. */
export type Format = {
  /** What to call the column. */
  title?: string;
  style?: 'number' | 'percent' | 'short';
  decimals?: number;
  prefix?: string;
  suffix?: string;
};

/** By the name of the column. */
export type Formats = Readonly<Record<string, Format>>;

export function titleOf(column: string, formats: Formats): string {
  return formats[column]?.title || column;
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const ungrouped = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 6 });

const styles = {
  number: { maximumFractionDigits: 6 },
  percent: { style: 'percent', maximumFractionDigits: 1 },
  short: { notation: 'compact', maximumFractionDigits: 1 },
} as const;

/** What writes the numbers of a column. Digits in a text may be more than a number holds; none of them is lost. */
export function numberWriter(
  column: string,
  format: Format | undefined,
): (value: number | Intl.StringNumericLiteral) => string {
  const intl = format ? intlOf(column, format) : plainOf(column);
  const { prefix = '', suffix = '' } = format ?? {};
  return (value) => {
    const text = intl.format(value).replace('%', '\u00a0%').replace('K', 'k');
    return text.startsWith('-')
      ? `-${prefix}${text.slice(1)}${suffix}`
      : `${prefix}${text}${suffix}`;
  };
}

/** Numbers have marks at their thousands. A year has none: nobody writes 2,026. */
function plainOf(column: string): Intl.NumberFormat {
  return /(^|_|\b)(year|id)$/i.test(column) ? ungrouped : grouped;
}

function intlOf(column: string, { style, decimals }: Format): Intl.NumberFormat {
  if (style === undefined && decimals === undefined) return plainOf(column);
  const digits =
    decimals === undefined
      ? {}
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat('en', { ...styles[style ?? 'number'], ...digits });
}
