import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTime, wrongWithCron } from '../../src/schedules/next-time.ts';
import type { Timing } from '../../src/schedules/timing.ts';
import { rounds } from '../support/rounds.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Zones of both hemispheres: with changes at midnight, of half an hour, backwards in summer, and without any. */
const zones = [
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Europe/Dublin',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Antarctica/Troll',
  'UTC',
];

/** What the clocks of a zone show at a time, as if it were UTC. */
function shownAt(zone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (timeMs) => {
    const part = Object.fromEntries(
      format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]),
    ) as Record<string, number>;
    const { year = 0, month = 0, day, hour, minute } = part;
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}

const clocks = new Map(zones.map((zone) => [zone, shownAt(zone)]));

/** Looks at the clocks minute by minute, as somebody would who waits for a time of day. */
function nextByWaiting(
  zone: string,
  afterMs: number,
  isDue: (shown: Date) => boolean,
  isOncePerDay: boolean,
): number {
  const shown = clocks.get(zone) as (timeMs: number) => number;
  const start = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS;
  // What was shown before counts as shown: clocks are put back by three hours at most.
  let latest = Math.max(
    ...Array.from({ length: 180 }, (_, minutes) => shown(start - minutes * MINUTE_MS)),
  );
  for (let now = start + MINUTE_MS; ; now += MINUTE_MS) {
    const time = shown(now);
    if (!isOncePerDay && isDue(new Date(time))) return now;
    if (isOncePerDay) {
      for (let each = latest + MINUTE_MS; each <= time; each += MINUTE_MS) {
        if (isDue(new Date(each))) return now;
      }
    }
    latest = Math.max(latest, time);
  }
}

/** Days on which the clocks of each zone are changed, or have been on the day before. */
const changes = new Map(
  zones.map((zone) => {
    const found: number[] = [];
    let last: number | undefined;
    for (let time = Date.UTC(2018, 0, 1); time < Date.UTC(2028, 0, 1); time += DAY_MS) {
      const offset = (clocks.get(zone) as (timeMs: number) => number)(time) - time;
      if (last !== undefined && offset !== last) found.push(time);
      last = offset;
    }
    return [zone, found.length > 0 ? found : [Date.UTC(2027, 2, 1)]];
  }),
);

const moment = fc
  .constantFrom(...zones)
  .chain((zone) =>
    fc.tuple(
      fc.constant(zone),
      fc.constantFrom(...(changes.get(zone) ?? [])),
      fc.integer({ min: -2 * DAY_MS, max: DAY_MS / 4 }),
    ),
  )
  .map(([timeZone, change, by]) => ({ timeZone, afterMs: change + by }));
const hour = fc.oneof(fc.nat(4), fc.nat(23));
const minute = fc.oneof(fc.constantFrom(0, 15, 30, 59), fc.nat(59));

function expectSame(timing: Timing, afterMs: number, expected: number): void {
  const found = nextTime(timing, afterMs);
  expect(found && new Date(found).toISOString()).toBe(new Date(expected).toISOString());
}

describe('around changes of clocks, in both hemispheres', () => {
  test('a time of day comes once on its day: after the gap if skipped, first if shown twice', () => {
    fc.assert(
      fc.property(moment, hour, minute, ({ timeZone, afterMs }, h, m) => {
        const isDue = (shown: Date) => shown.getUTCHours() === h && shown.getUTCMinutes() === m;
        expectSame(
          { frequency: 'daily', hour: h, minute: m, timeZone },
          afterMs,
          nextByWaiting(timeZone, afterMs, isDue, true),
        );
      }),
      { numRuns: rounds({ usual: 50, full: 250 }) },
    );
  });

  test('a minute of the hour comes in every hour that passes', () => {
    fc.assert(
      fc.property(moment, minute, ({ timeZone, afterMs }, m) => {
        const isDue = (shown: Date) => shown.getUTCMinutes() === m;
        expectSame(
          { frequency: 'hourly', minute: m, timeZone },
          afterMs,
          nextByWaiting(timeZone, afterMs, isDue, false),
        );
        const isQuarter = (shown: Date) => shown.getUTCMinutes() % 15 === 0;
        expectSame(
          { frequency: 'every_15_minutes', timeZone },
          afterMs,
          nextByWaiting(timeZone, afterMs, isQuarter, false),
        );
      }),
      { numRuns: rounds({ usual: 50, full: 250 }) },
    );
  });

  test('each step goes forward, and none is left out', () => {
    fc.assert(
      fc.property(moment, hour, minute, ({ timeZone, afterMs }, h, m) => {
        const timing: Timing = { frequency: 'daily', hour: h, minute: m, timeZone };
        const first = nextTime(timing, afterMs) as number;
        const second = nextTime(timing, first) as number;
        expect(first).toBeGreaterThan(afterMs);
        expect(second - first).toBeGreaterThanOrEqual(DAY_MS - 3 * 60 * MINUTE_MS);
        expect(second - first).toBeLessThanOrEqual(DAY_MS + 3 * 60 * MINUTE_MS);
      }),
    );
  });
});

/** The next times, as the clocks of UTC show them. */
function times(timing: Timing, after: string, count: number): string[] {
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count; ) {
    at = nextTime(timing, at) as number;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

test('weekly comes on each of its days', () => {
  const timing: Timing = {
    frequency: 'weekly',
    days: [0, 1],
    hour: 20,
    minute: 30,
    timeZone: 'UTC',
  };
  expect(times(timing, '2026-11-23T20:30:00Z', 3)).toEqual([
    '2026-11-29T20:30',
    '2026-11-30T20:30',
    '2026-12-06T20:30',
  ]);
});

test.each([
  [28, ['2027-01-28', '2027-02-28', '2027-03-28', '2027-04-28']],
  [29, ['2027-01-29', '2027-02-28', '2027-03-29', '2027-04-29']],
  [30, ['2027-01-30', '2027-02-28', '2027-03-30', '2027-04-30']],
  [31, ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']],
])('monthly on day %i comes on the last day of a shorter month', (day, days) => {
  const timing: Timing = { frequency: 'monthly', day, hour: 6, minute: 0, timeZone: 'UTC' };
  expect(times(timing, '2026-12-31T12:00:00Z', 4)).toEqual(days.map((date) => `${date}T06:00`));
});

test('monthly on day 29 comes on it in a leap year', () => {
  const timing: Timing = { frequency: 'monthly', day: 29, hour: 0, minute: 0, timeZone: 'UTC' };
  expect(times(timing, '2028-02-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00']);
});

test('cron is taken with its five fields, if it ever comes true', () => {
  for (const pattern of [
    '*/5 * * * *',
    '0 9 * * 1-5',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 0 * JAN MON',
  ]) {
    expect(wrongWithCron(pattern), pattern).toBeUndefined();
  }
  for (const pattern of [
    ...['', '* * * *', '* * * * * *', '@daily', '2027-01-01T00:00:00', '? ? ? ? ?', '0 0 30 2 *'],
    ...['60 * * * *', '5-1 * * * *', '*/0 * * * *', 'a b c d e', '- - - - -', '1,,2 * * * *'],
  ]) {
    expect(wrongWithCron(pattern), pattern).toBeTypeOf('string');
  }
});

test('no text is a pattern of cron that cannot be gone by', () => {
  const field = fc.stringMatching(/^[0-9*,/LW#A-Z-]{1,6}$/);
  fc.assert(
    fc.property(fc.array(field, { minLength: 5, maxLength: 5 }), (fields) => {
      const cron = fields.join(' ');
      if (wrongWithCron(cron) !== undefined) return;
      const after = Date.UTC(2026, 10, 23);
      expect(nextTime({ frequency: 'cron', cron, timeZone: 'UTC' }, after)).toBeGreaterThan(after);
    }),
    { numRuns: rounds({ usual: 400, full: 2000 }) },
  );
});
