import { dayExists } from '../clock.ts';
import type { QueryValue } from './dialect.ts';

/** The value of a parameter: one, or a list of them. */
export type ParameterValue = QueryValue | QueryValue[];

/** The effective values of a run, by the parameter's name. */
export type Parameters = Record<string, ParameterValue>;

/** A number as people write it; undefined where it is none, or has more digits than a number keeps. */
export function toNumber(given: unknown): number | undefined {
  const isPlain =
    typeof given === 'string' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(given);
  const number = typeof given === 'number' ? given : isPlain ? Number(given) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? undefined : number;
}

/** Whether it is a day of the calendar, as `2026-01-31`. */
export function isDate(given: unknown): given is string {
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) && dayExists(given);
}
