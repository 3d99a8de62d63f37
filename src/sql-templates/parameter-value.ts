import { dayExists } from '../clock.ts';
import { isExact, isKept } from '../exact-number.ts';
import type { QueryValue } from './dialect.ts';

/** The value of a parameter: one, or a list of them. */
export type ParameterValue = QueryValue | QueryValue[];

/** The effective values of a run, by the parameter's name. */
export type Parameters = Record<string, ParameterValue>;

/** Whether a text is a number as people write it. */
export function isNumeric(text: string): boolean {
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text);
}

/** A number as people write it; undefined where it is none, or has more digits than a number keeps. */
export function toNumber(given: unknown): number | undefined {
  if (typeof given === 'string')
    return isNumeric(given) && isExact(given) ? toNumber(Number(given)) : undefined;
  return typeof given === 'number' && isKept(given) ? given : undefined;
}

/** The number that a text is, where the number written as text is that text again: `01234`, `1.50` and `1e3` stay text. */
export function toSameNumber(text: string): number | string {
  const number = toNumber(text);
  return String(number) === text ? (number as number) : text;
}

/** Whether it is a day of the calendar, as `2026-01-31`. */
export function isDate(given: unknown): given is string {
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) && dayExists(given);
}
