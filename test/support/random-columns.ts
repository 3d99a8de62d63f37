import fc from 'fast-check';
import { expect } from 'vitest';

/** A value as the text that a test computes for it; null for none. */
export type Value = string | null;

const KINDS = ['whole', 'decimal', 'float', 'text', 'boolean', 'date', 'time', 'json'] as const;
export type Kind = (typeof KINDS)[number];
export type RandomColumn = { kind: Kind; values: Value[] };

/** How many rows each has: the odd value comes last. */
export const COLUMN_ROWS = 40;

const TWO_63 = 2n ** 63n;
const whole = fc.oneof(
  fc.constantFrom(0n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, TWO_63 - 1n, -TWO_63),
  fc.bigInt({ min: -TWO_63, max: TWO_63 - 1n }),
  fc.bigInt({ min: -99n, max: 99n }),
);
const digits = (most: number) =>
  fc
    .bigInt({ min: 0n, max: 10n ** BigInt(most) - 1n })
    .chain((all) => fc.integer({ min: 1, max: most }).map((count) => String(all).slice(0, count)));
const decimal = fc
  .tuple(fc.constantFrom('', '-'), digits(18), fc.option(digits(18)))
  .map(([sign, before, after]) => `${sign}${before}${after === null ? '' : `.${after}`}`);
const float = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
  .map((number) => String(number === 0 ? 0 : number));
const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '=1+1',
    '01234',
    'null',
    'NaN',
    "it's",
    '"',
    ',',
    'a\r\nb',
    '\\N',
    '\ufeff',
  ),
  fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((one) => one.replaceAll('\0', '').toWellFormed()),
);
const day = fc
  .date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());
const json = fc
  .jsonValue({ maxDepth: 2 })
  .map((v) => JSON.stringify({ v }).replaceAll(/\\u0000|\\ud[0-9a-f]{3}/gi, 'x'));

const values: Record<Kind, fc.Arbitrary<string>> = {
  whole: whole.map(String),
  decimal,
  float,
  text,
  boolean: fc.boolean().map(String),
  date: day.map((iso) => iso.slice(0, 10)),
  time: fc
    .tuple(day, fc.integer({ min: 0, max: 999_999 }))
    .map(
      ([iso, micros]) => `${iso.slice(0, 19).replace('T', ' ')}.${String(micros).padStart(6, '0')}`,
    ),
  json,
};

/** Columns of these kinds, each with a value at its end that may be `odd` where all others are not. */
export function randomColumns(
  kinds: readonly Kind[],
  odd: Partial<Record<Kind, readonly string[]>>,
): fc.Arbitrary<RandomColumn> {
  return fc.constantFrom(...kinds).chain((kind) => {
    const usual = fc.option(values[kind], { freq: 8 });
    const last = odd[kind] ? fc.oneof(usual, fc.constantFrom(...odd[kind])) : usual;
    const most = fc.array(usual, { minLength: COLUMN_ROWS - 1, maxLength: COLUMN_ROWS - 1 });
    return fc.tuple(most, last).map(([all, end]) => ({ kind, values: [...all, end] }));
  });
}

/** Whether a text of a result says the value that it should. */
export function expectSame(kind: Kind, actual: Value, expected: Value, where: string): void {
  if (actual === null || expected === null) expect(actual, where).toBe(expected);
  else if (kind === 'json') expect(JSON.parse(actual), where).toEqual(JSON.parse(expected));
  else expect(plain(kind, actual), where).toBe(plain(kind, expected));
}

function plain(kind: Kind, value: string): string {
  if (kind === 'time')
    return value
      .replace(/^(\d+-\d\d-\d\d(?: \(BC\))?)T/, '$1 ')
      .replace(/(\.\d*?)0+( BC)?$/, '$1$2')
      .replace(/\.(?=$| )/, '');
  if (!['whole', 'decimal', 'float'].includes(kind)) return value;
  if (/^[+-]?(nan|inf)/i.test(value)) return value.toLowerCase().replace('inity', '');
  const [, sign, before = '', after = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(value) ?? [];
  if (sign === undefined) return `no number: ${value}`;
  const all = (before + after).replace(/0+$/, '');
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  if (leading === all.length) return '0';
  return `${sign}${all.slice(leading)}e${before.length + Number(exponent) - leading}`;
}

/** Cells of JSON as texts: of a number what stands there, which a reader's float has to give back. */
export function cellsOf(text: string): unknown {
  return JSON.parse(text, function (
    this: unknown,
    _name,
    value,
    { source }: { source?: string } = {},
  ) {
    if (typeof value !== 'number' || source === undefined) return value;
    expect(plain('float', String(value)), source).toBe(plain('float', source));
    return value;
  } as Parameters<typeof JSON.parse>[1]);
}

/** The rows of a CSV file; a cell without quotes that is empty is null. */
export function csvRows(csv: string): Value[][] {
  const rows: Value[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/y;
  for (let match = cell.exec(csv); match; match = cell.exec(csv)) {
    const [, raw = '', end] = match;
    const isQuoted = raw.startsWith('"');
    rows.at(-1)?.push(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw === '' ? null : raw);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(1, -1);
}
