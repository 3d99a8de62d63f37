/** What a number has to be, to end a sentence that names one that is not. */
export const ACCEPTED_NUMBER =
  'a whole number up to 9007199254740991, or a decimal of up to 15 digits';

const written = /^\s*[-+]?(\d*)\.?(\d*)(?:e[-+]?\d+)?\s*$/i;
/** As `toPrecision` takes them. */
const MAX_DIGITS = 100;

/**
 * Whether JavaScript keeps the number of a text: whether it can give back every digit that the text has. `0.1` and
 * `0.10000000000000001` are kept, `9007199254740993` and `0.1234567890123456789` become other numbers.
 */
export function isExact(text: string): boolean {
  const digits = digitsOf(text);
  const number = Number(text);
  if (digits === undefined || !Number.isFinite(number)) return false;
  if (digits === '' || digits.length > MAX_DIGITS) return digits === '';
  return digitsOf(number.toPrecision(digits.length)) === digits;
}

/** Whether a number stands for itself alone: beyond this, whole numbers are skipped. */
export function isKept(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

/** Without the zeros around them, which say nothing of how many digits there are. */
function digitsOf(text: string): string | undefined {
  const match = written.exec(text);
  if (match === null) return undefined;
  const [, whole = '', decimals = ''] = match;
  return `${whole}${decimals}`.replace(/^0+/, '').replace(/0+$/, '');
}
