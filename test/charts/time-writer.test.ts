import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/charts/chart-spec.ts';
import { TIME_PATTERN } from '../../src/charts/time-pattern.ts';
import { timeWriter } from '../../src/charts/time-writer.ts';

const MOMENT = 'TIMESTAMP WITH TIME ZONE';
const written = (text: string, format: Format = {}, type = 'TIMESTAMP', locale = 'en-GB') =>
  timeWriter(type, format, locale)(text).replaceAll(/\s/g, ' ');

describe('a date or a time', () => {
  test.each([
    [{}, '2026-01-31', '31 Jan 2026'],
    [{}, '2026-01-31T15:04:05.000Z', '31 Jan 2026, 15:04:05'],
    [{}, '2026-01-31 15:04:05.25', '31 Jan 2026, 15:04:05.250'],
    [{ date_style: 'iso' }, '2026-01-31', '2026-01-31'],
    [{ date_style: 'iso' }, '2026-01-31T15:04:05.123456Z', '2026-01-31 15:04:05.123456'],
    [{ date_style: 'short' }, '2026-01-31', '31/01/2026'],
    [{ date_style: 'long' }, '2026-01-31', '31 January 2026'],
    [{ date_style: 'month' }, '2026-01-31T15:04:05', 'Jan 2026'],
    [{ date_style: 'quarter' }, '2026-05-31', '2026 Q2'],
    [{ date_style: 'year' }, '2026-01-31', '2026'],
    [{ date_pattern: "EEE d MMM yy 'at' HH:mm" }, '2026-01-05T07:04:05', 'Mon 5 Jan 26 at 07:04'],
    [{ date_pattern: 'dd.MM.yyyy h:mm a' }, '2026-01-05T13:04:05', '05.01.2026 1:04 PM'],
  ] as [Format, string, string][])('with %j: %s is %s', (format, text, expected) => {
    expect(written(text, format)).toBe(expected);
  });

  test('is told by the clocks of a time zone only if it is a moment', () => {
    const format: Format = { date_style: 'iso', time_zone: 'America/New_York' };
    const text = '2026-01-31T03:04:05.000Z';
    expect(written(text, format, MOMENT)).toBe('2026-01-30 22:04:05');
    expect(written(text, { date_style: 'iso' }, MOMENT)).toBe('2026-01-31 03:04:05');
    expect(written(text, format, 'TIMESTAMP')).toBe('2026-01-31 03:04:05');
    expect(written('2026-01-31', format, MOMENT)).toBe('2026-01-31');
    expect(written(text, { date_style: 'month', time_zone: 'America/New_York' }, MOMENT)).toBe(
      'Jan 2026',
    );
  });

  test('that is none, or of a year that no locale writes plainly, stays as it is', () => {
    for (const text of ['', 'soon', '2026-13-45', '0044-03-15 (BC)', '0044-03-15', 'infinity'])
      expect(timeWriter('DATE', {}, 'en')(text)).toBe(text);
  });

  test('is written as the reader’s locale does', () => {
    expect(written('2026-03-31', {}, 'DATE', 'de')).toBe('31.03.2026');
    expect(written('2026-03-31', { date_pattern: 'd MMMM yyyy' }, 'DATE', 'fr')).toBe(
      '31 mars 2026',
    );
  });
});

test('a pattern has tokens, marks and quoted text alone', () => {
  const isPattern = (text: string) => new RegExp(TIME_PATTERN, 'u').test(text);
  for (const good of ['yyyy-MM-dd', "d MMM ''yy", "h:mm a 'Uhr'", 'EEEE, d. MMMM'])
    expect(isPattern(good)).toBe(true);
  for (const bad of ['', 'YYYY', 'dd/mm/x', "d 'open", 'week']) expect(isPattern(bad)).toBe(false);
});
