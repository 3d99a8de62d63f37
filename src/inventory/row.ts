import { quoted } from '../errors.ts';
import type { Field, List } from './lists.ts';

/** A row as an object in the wire's words. */
export type Row = Record<string, unknown>;

/** A value in a row is not what its field takes; the message names the field, the value and what is taken. */
export class RowError extends Error {}

const WIRE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const WIRE_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * A row of a list with every field in its place, from an object in the wire's words: what is missing is null,
 * what no field names is left out. Values are checked for their type and never for plausibility; a time in
 * another ISO 8601 form is written in the wire's, digits in text where a number belongs become the number
 * (servers differ there).
 *
 * @throws RowError for a value that the field does not take.
 */
export function toRow(list: List, given: unknown): Row {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new RowError(`the row is ${quoted(given)}; it must be an object`);
  }
  const row: Row = {};
  for (const field of list.fields) {
    const { name, otherName = name } = field;
    row[name] = toValue(field, (given as Row)[name] ?? (given as Row)[otherName]);
  }
  return row;
}

/** The bytes of a row as they are stored and sent. */
export function toBytes(row: Row): Buffer {
  return Buffer.from(JSON.stringify(row));
}

/** The bytes of a row with some of its fields changed. */
export function patched(list: List, body: Buffer, patch: Row): Buffer {
  return toBytes(toRow(list, { ...JSON.parse(String(body)), ...patch }));
}

function toValue(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) {
    if (field.required) throw refusal(field, value, 'a value');
    return field.type === 'texts' ? [] : null;
  }
  switch (field.type) {
    case 'integer': {
      const number =
        typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
      if (!Number.isSafeInteger(number)) throw refusal(field, value, 'a whole number');
      return number;
    }
    case 'text':
      if (typeof value !== 'string') throw refusal(field, value, 'text or null');
      if (field.required && value === '') throw refusal(field, value, 'text that is not empty');
      return value;
    case 'texts':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
        throw refusal(field, value, 'a list of texts');
      }
      return value;
    case 'time':
      return toTime(field, value, WIRE_TIME, (iso) => iso);
    case 'seconds':
      return toTime(field, value, WIRE_SECONDS, (iso) => `${iso.slice(0, 19)}Z`);
  }
}

function toTime(
  field: Field,
  value: unknown,
  wire: RegExp,
  write: (iso: string) => string,
): string {
  if (typeof value === 'string') {
    if (wire.test(value)) return value;
    const timeMs = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(timeMs)) return write(new Date(timeMs).toISOString());
  }
  throw refusal(field, value, 'an ISO 8601 time such as 2020-05-04T20:17:55.387Z, or null');
}

function refusal(field: Field, value: unknown, accepted: string): RowError {
  const what = value === undefined ? 'missing' : value === null ? 'null' : quoted(value);
  return new RowError(`field ${field.name} is ${what}; it must be ${accepted}`);
}
