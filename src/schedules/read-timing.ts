import { isTimeZone } from '../clock.ts';
import { ApiError, quoted } from '../errors.ts';
import { wrongWithCron } from './next-time.ts';
import { daysOfWeek, type Frequency, frequencies, type Timing } from './timing.ts';

/** A timing as it is sent: a frequency with what belongs to it, or a pattern of cron. */
export type SentTiming = {
  freq?: string;
  hour?: number | string | null;
  minute?: number | string | null;
  day_of_week?: number | string | (number | string)[] | null;
  day_of_month?: number | string | null;
  cron?: string;
  time_zone?: string | null;
};

/**
 * The timing that is meant. What the frequency has no use for is passed over.
 *
 * @throws ApiError bad_request, which names the field.
 */
export function readTiming(sent: SentTiming): Timing {
  const timeZone = sent.time_zone ?? 'UTC';
  if (!isTimeZone(timeZone)) {
    throw wrong('time_zone', timeZone, 'the name of a time zone such as Europe/Berlin');
  }
  if (sent.cron !== undefined) {
    if (sent.freq !== undefined) throw wrong('freq', sent.freq, 'omitted with cron');
    const cron = sent.cron.trim().replaceAll(/\s+/g, ' ');
    const problem = wrongWithCron(cron);
    if (problem) throw refusal('cron', sent.cron, problem);
    return { timeZone, frequency: 'cron', cron };
  }
  const frequency = frequencies.find((known) => known === sent.freq);
  switch (frequency) {
    case undefined:
      throw wrong('freq', sent.freq ?? null, `one of ${frequencies.join(', ')}`);
    case 'every_15_minutes':
    case 'every_30_minutes':
      return { timeZone, frequency };
    case 'hourly':
      return { timeZone, frequency, minute: number(sent, 'minute', 0, 59) };
    case 'daily':
      return { timeZone, frequency, ...timeOfDay(sent) };
    case 'weekly':
      return { timeZone, frequency, ...timeOfDay(sent), days: readDays(sent, frequency) };
    case 'monthly':
      return {
        timeZone,
        frequency,
        ...timeOfDay(sent),
        day: number(given(sent, 'day_of_month', frequency), 'day_of_month', 1, 31),
      };
  }
}

function timeOfDay(sent: SentTiming): { hour: number; minute: number } {
  return { hour: number(sent, 'hour', 0, 23), minute: number(sent, 'minute', 0, 59) };
}

function given(sent: SentTiming, field: keyof SentTiming, frequency: Frequency): SentTiming {
  if ((sent[field] ?? null) !== null) return sent;
  throw new ApiError('bad_request', `Field ${pathOf(field)} is missing; ${frequency} needs it.`);
}

/** A number, or digits; nothing at all is the least. */
function number(
  sent: SentTiming,
  field: 'hour' | 'minute' | 'day_of_month',
  least: number,
  most: number,
): number {
  const value = sent[field] ?? least;
  const read = /^\d{1,2}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (read >= least && read <= most) return read;
  throw wrong(field, value, `a whole number from ${least} to ${most}`);
}

/** `Monday`, `mon`, 1, `Monday,Tuesday`, or a list of these; in the order of the week. */
function readDays(sent: SentTiming, frequency: Frequency): number[] {
  const { day_of_week: value } = given(sent, 'day_of_week', frequency);
  const words = [value].flat().flatMap((part) => String(part).split(','));
  const days = words.map((word) => {
    const name = word.trim().toLowerCase();
    return daysOfWeek.findIndex(
      (day, index) =>
        name === String(index) ||
        name === day.toLowerCase() ||
        name === day.slice(0, 3).toLowerCase(),
    );
  });
  if (days.length > 0 && !days.includes(-1)) return [...new Set(days)].toSorted();
  throw wrong('day_of_week', value, 'days such as Monday,Thursday, or their numbers, 0 for Sunday');
}

const pathOf = (field: keyof SentTiming) => `report_schedule.cron.${field}`;

function wrong(field: keyof SentTiming, value: unknown, accepted: string): ApiError {
  return refusal(field, value, `it must be ${accepted}`);
}

function refusal(field: keyof SentTiming, value: unknown, problem: string): ApiError {
  return new ApiError('bad_request', `Field ${pathOf(field)} is ${quoted(value)}; ${problem}.`);
}
