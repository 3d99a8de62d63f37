/** A column's type where only its values tell it: what is seen of each text, and the type that takes all of them. */
export type SeenType = { see(text: string): void; readonly type: string };

/** More digits than these no DECIMAL has. */
const MOST_DIGITS = 38;

/**
 * The type of numbers of any size, as texts: `preferred` where each fits it, else DOUBLE where a float gives back every
 * digit of each, else a DECIMAL of as many digits as they have, else their text.
 */
export function numbersLike(preferred?: { digits: number; scale: number }): SeenType {
  let [whole, scale] = [0, 0];
  let [isFloat, isDecimal] = [true, true];
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
    },
    get type() {
      if (isDecimal && preferred && whole <= preferred.digits - preferred.scale) {
        if (scale <= preferred.scale) return decimal(preferred.digits, preferred.scale);
      }
      if (isFloat) return 'DOUBLE';
      const digits = Math.max(whole + scale, 1);
      return isDecimal && digits <= MOST_DIGITS ? decimal(digits, scale) : 'VARCHAR';
    },
  };
}

function decimal(digits: number, scale: number): string {
  return `DECIMAL(${digits},${scale})`;
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

/** The type of dates or times as PostgreSQL writes them: their text where one lies before Christ, or too far off. */
export function timesLike(preferred: string): SeenType {
  let isTaken = true;
  return {
    see(text) {
      if (text.endsWith(' BC') || (text.length > 10 && Number.parseInt(text, 10) > LAST_YEAR))
        isTaken = false;
    },
    get type() {
      return isTaken ? preferred : 'VARCHAR';
    },
  };
}
