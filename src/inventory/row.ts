import { parseTime, wireTime, wireTimeInSeconds } from '../clock.ts';
import { ApiError, quoted } from '../errors.ts';
import { ACCEPTED_TEXT, badCharacter, characterCount, isLonger } from '../text.ts';
import type { AnyRow, Field, List, RowOf } from './lists.ts';

/** A row as somebody gives it. */
export type GivenRow = Record<string, unknown>;

/** A value in a row is not what its field takes; the message names the field, the value and what is taken. */
export class RowError extends ApiError {
  constructor(message: string) {
    super('bad_request', message);
  }
}

/**
 * A row of a list with every field in its place, from an object in the wire's words: what is missing is null,
 * what no field names is left out. Values are checked for their type and size and never for plausibility; a time in
 * another ISO 8601 form is written in the wire's, digits in text where a number belongs become the number
 * (servers differ there).
 *
 * @throws RowError for a value that the field does not take.
 */
export function toRow<Of extends List>(list: Of, given: unknown): RowOf<Of> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new RowError(`the row is ${quoted(given)}; it must be an object`);
  }
  const values = given as GivenRow;
  const row: AnyRow = {};
  for (const field of list.fields) {
    const { name, otherName = name } = field;
    row[name] = toValue(field, values[name] ?? values[otherName]);
  }
  return row as RowOf<Of>;
}

/** A row in which nothing is known, with the keys in their order. */
export function emptyRow<Of extends List>(list: Of): { [Name in keyof RowOf<Of>]: null } {
  const empty = list.fields.map(({ name }) => [name, null]);
  return Object.fromEntries(empty) as { [Name in keyof RowOf<Of>]: null };
}

/** The bytes of a row as they are stored and sent. */
export function toBytes(row: object): Buffer {
  return Buffer.from(JSON.stringify(row));
}

/** The row behind its bytes, which were checked when they were written. */
export function readRow<Of extends List>(
  _: Of,
  { body }: { body: Uint8Array | string },
): RowOf<Of> {
  return JSON.parse(typeof body === 'string' ? body : textOf(body));
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}

/**
 * The bytes of a row with some of its fields changed. What stays is taken as it is, however an earlier version let it in;
 * half characters alone are mended. Fields of a newer version, which may run beside this one, stay too. What was sent to be
 * changed was checked where it came in.
 */
export function patched<Of extends List>(
  list: Of,
  body: Buffer,
  patch: Partial<RowOf<Of>>,
): Buffer {
  const stored = JSON.parse(String(body), (_, value) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  ) as AnyRow;
  const given: Partial<AnyRow> = patch;
  const row: AnyRow = {};
  for (const field of list.fields) {
    const { name } = field;
    row[name] =
      name in given
        ? toValue(field, given[name], (_, text) => text.toWellFormed())
        : (stored[name] ?? toValue(field, null));
  }
  return toBytes({ ...row, ...unknownFields(list, stored) });
}

function unknownFields(list: List, stored: AnyRow): AnyRow {
  const known = new Set(list.fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !known.has(name)));
}

/** Reads a text of a field. @throws RowError where the field does not take it. */
type ReadText = (field: Field, text: string) => string;

function toValue(field: Field, value: unknown, readText: ReadText = checkText): AnyRow[string] {
  if (value === undefined || value === null) {
    if (field.required) throw refusal(field, value, 'a value');
    return field.type === 'texts' ? [] : null;
  }
  switch (field.type) {
    case 'integer': {
      const number =
        typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isSafeInteger(number))
        throw refusal(field, value, 'a whole number');
      return number;
    }
    case 'text':
      if (typeof value !== 'string') throw refusal(field, value, 'text or null');
      if (field.required && value === '') throw refusal(field, value, 'text that is not empty');
      return readText(field, value);
    case 'texts':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
        throw refusal(field, value, 'a list of texts');
      }
      return value.map((item) => readText(field, item));
    case 'time':
      return wireTime(toTimeMs(field, value));
    case 'seconds':
      return wireTimeInSeconds(toTimeMs(field, value));
  }
}

function checkText(field: Field, text: string): string {
  const character = badCharacter(text);
  if (character !== undefined)
    throw refusal(field, text, ACCEPTED_TEXT, `, which contains ${character}`);
  if (isLonger(text, field.maxLength)) {
    const most = `${field.maxLength.toLocaleString('en-US')} characters at most`;
    throw refusal(field, text, most, `, which has ${characterCount(text).toLocaleString('en-US')}`);
  }
  return text;
}

function toTimeMs(field: Field, value: unknown): number {
  const timeMs = typeof value === 'string' ? parseTime(value) : undefined;
  if (timeMs !== undefined) return timeMs;
  throw refusal(field, value, 'an ISO 8601 time such as 2020-05-04T20:17:55.387Z, or null');
}

function refusal(field: Field, value: unknown, accepted: string, why = ''): RowError {
  const what = value === undefined ? 'missing' : value === null ? 'null' : quoted(value);
  return new RowError(`field ${field.name} is ${what}${why}; it must be ${accepted}`);
}
