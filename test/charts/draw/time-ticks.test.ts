import { expect, test } from 'vitest';
import { timeTicks } from '../../../src/charts/draw/time-ticks.ts';

const ticks = (first: string, last: string, most: number, unit?: 'day' | 'month' | 'year') =>
  timeTicks(Date.parse(first), Date.parse(last), most, unit).map((tick) =>
    new Date(tick).toISOString().replace('T00:00:00.000Z', '').replace(':00.000Z', ''),
  );

test('an axis of times has labels at even beginnings', () => {
  expect(ticks('2024-01-10', '2024-12-20', 6, 'day')).toEqual([
    '2024-03-01',
    '2024-05-01',
    '2024-07-01',
    '2024-09-01',
    '2024-11-01',
  ]);
  expect(ticks('2020-01-01', '2024-02-08', 7, 'day')).toEqual([
    '2020-01-01',
    '2021-01-01',
    '2022-01-01',
    '2023-01-01',
    '2024-01-01',
  ]);
  expect(ticks('2024-01-01', '2024-03-01', 7, 'month')).toEqual([
    '2024-01-01',
    '2024-02-01',
    '2024-03-01',
  ]);
  expect(ticks('2024-01-03', '2024-01-30', 5, 'day')).toEqual([
    '2024-01-08',
    '2024-01-15',
    '2024-01-22',
    '2024-01-29',
  ]);
  expect(ticks('2024-03-05T10:05:00Z', '2024-03-05T14:00:00Z', 4)).toEqual([
    '2024-03-05T11:00',
    '2024-03-05T12:00',
    '2024-03-05T13:00',
    '2024-03-05T14:00',
  ]);
});

test('and never more than there is room for, nor none', () => {
  const first = Date.parse('1000-01-01');
  for (let span = 1; span < 3e14; span *= 7) {
    for (const most of [2, 5, 10]) {
      const found = timeTicks(first, first + span, most, undefined);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(most + 1);
    }
  }
  expect(timeTicks(first, first, 5, 'year')).toEqual([first]);
});
