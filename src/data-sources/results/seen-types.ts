import { dayExists } from '../../clock.ts';
import { didNotFit } from './column-notes.ts';

/**
 * A column's type where only its values tell it: what is seen of each text, and the type that takes all of them. Where
 * that is not the one that the column was declared with, the note says why.
 */
export type SeenType = {
  see(text: string): void;
  readonly type: string;
  readonly note?: string | undefined;
};

/** A type of numbers as a server declares it, and its digits where a DECIMAL may have as many. */
type Declared = { name: string; digits?: { all: number; scale: number } | undefined };

/** More digits than these no DECIMAL has. */
const MOST_DIGITS = 38;

/**
 * The type of numbers of any size, as texts: as declared where each fits that, else DOUBLE where a float gives back every
 * digit of each, else a DECIMAL of as many digits as they have, else their text.
 */
export function numbersLike({ name, digits: preferred }: Declared): SeenType {
  let [whole, scale] = [0, 0];
  let [isFloat, isDecimal] = [true, true];
  let odd: string | undefined;
  const fits = (before: string | undefined, after: string) =>
    before !== undefined &&
    (preferred === undefined ||
      (before.length <= preferred.all - preferred.scale && after.length <= preferred.scale));
  return {
    see(text) {
      const [, digits, fraction = ''] = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
      if (digits === undefined)
        isDecimal = false; // NaN, an infinity, or written with an exponent
      else {
        whole = Math.max(whole, digits.length);
        scale = Math.max(scale, fraction.length);
      }
      isFloat &&= isSameAsFloat(text);
      if (odd === undefined && !fits(digits, fraction)) odd = text;
    },
    get type() {
      if (preferred && odd === undefined) return decimal(preferred.all, preferred.scale);
      if (isFloat) return 'DOUBLE';
      return isDecimal && whole + scale <= MOST_DIGITS ? decimal(whole + scale, scale) : 'VARCHAR';
    },
    get note() {
      const { type } = this;
      if (odd !== undefined && (preferred || type === 'VARCHAR')) return didNotFit(odd, name, type);
      if (type !== 'VARCHAR') return undefined;
      return `Kept as text: its numbers need ${whole + scale} digits, and a DECIMAL has ${MOST_DIGITS}.`;
    },
  };
}

/** With a digit before the point, if that is possible: without it DuckDB writes .5 for 0.5. */
function decimal(digits: number, scale: number): string {
  return `DECIMAL(${Math.min(Math.max(digits, scale + 1), MOST_DIGITS)},${scale})`;
}

/** Whether a 64-bit float is the number itself, and not one beside it. 15 digits it always gives back. */
function isSameAsFloat(text: string): boolean {
  if (text.length <= 15) return true;
  return plainDigits(text) === plainDigits(String(Number(text)));
}

/** A number's digits without those that say nothing, and where its point stands. */
function plainDigits(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (sign === undefined) return text;
  const digits = (whole + fraction).replace(/0+$/, '');
  const leading = /^0*/.exec(digits)?.[0].length ?? 0;
  return `${sign}${digits.slice(leading)}e${whole.length + Number(exponent) - leading}`;
}

/** DuckDB's last year with a timestamp in microseconds. */
const LAST_YEAR = 294_246;

/**
 * The type of dates or times as servers write them: their text where one is none, such as 0000-00-00, lies before Christ or
 * is too far off.
 */
export function timesLike(preferred: string): SeenType {
  let odd: string | undefined;
  return {
    see(text) {
      if (odd === undefined && !isTime(text)) odd = text;
    },
    get type() {
      return odd === undefined ? preferred : 'VARCHAR';
    },
    get note() {
      return odd === undefined ? undefined : didNotFit(odd, preferred, 'VARCHAR');
    },
  };
}

function isTime(text: string): boolean {
  if (text.endsWith(' BC')) return false;
  const [, year = '', month = '', day = '', time] = /^(\d{4,})-(\d\d)-(\d\d)(.)?/.exec(text) ?? [];
  if (year === '') return true; // infinity
  if (year.length > 4) return time === undefined || Number(year) <= LAST_YEAR;
  if (day > '00' && day < '29' && month > '00' && month < '13') return year !== '0000';
  return year !== '0000' && dayExists(`${year}-${month}-${day}`);
}
