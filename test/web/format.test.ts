import { describe, expect, test } from 'vitest';
import { moved, stepOf } from '../../web/src/parts/moved.ts';
import { saidTime } from '../../web/src/parts/said-time.ts';
import { cellWriter, placesOf } from '../../web/src/results/columns.ts';
import { titleOf } from '../../web/src/results/format.ts';

describe('a cell', () => {
  test('that holds more digits than a number can loses none', () => {
    const column = { name: 'exact', type: 'DECIMAL(38,2)' };
    const value = '12345678901234567890.12';
    expect(cellWriter(column, undefined)(value)).toBe('12,345,678,901,234,567,890.12');
    expect(cellWriter(column, { decimals: 1 })(value)).toBe('12,345,678,901,234,567,890.1');
    expect(cellWriter({ ...column, name: 'order_id' }, undefined)('12345678901234567890')).toBe(
      '12345678901234567890',
    );
  });

  test('that is text is no number, and one that is empty is none', () => {
    const write = cellWriter({ name: 'code', type: 'VARCHAR' }, { style: 'percent' });
    expect(write('0012')).toBe('0012');
    expect(write('2026-01-02')).toBe('2026-01-02');
    expect(write(null)).toBeNull();
  });

  test('that is a date or a time is written as the reader does', () => {
    const written = (type: string, value: string) => cellWriter({ name: 'at', type }, {})(value);
    expect(written('DATE', '2026-01-02')).toBe('Jan 2, 2026');
    expect(written('TIMESTAMP', '2026-01-02T15:04:05.000Z')).toMatch(/^Jan 2, 2026, 3:04:05\sPM$/);
  });
});

describe('a time', () => {
  const minute = 60_000;
  const nowMs = Date.parse('2026-01-31T12:00:00Z');
  test.each([
    [0, 'just now'],
    [59 * 1000, 'just now'],
    [minute, '1 min. ago'],
    [59.9 * minute, '59 min. ago'],
    [23.9 * 60 * minute, '23 hr. ago'],
    [-30 * 1000, 'in a moment'],
    [-90 * minute, 'in 1 hr.'],
    [60 * 24 * 60 * minute, 'Dec 2, 2025'],
  ])('%d ms ago is %s', (ago, said) => {
    expect(saidTime(nowMs - ago, nowMs)).toBe(said);
  });
});

describe('the columns of a table', () => {
  const columns = ['a', 'b', 'c'].map((name) => ({ name, type: 'INTEGER' }));

  test('stand as they were chosen, without those that are gone; all where none is left', () => {
    expect(placesOf(columns, ['c', 'gone', 'a'])).toEqual([2, 0]);
    expect(placesOf(columns, [])).toEqual([0, 1, 2]);
    expect(placesOf(columns, ['gone'])).toEqual([0, 1, 2]);
  });

  test('are called as their formats say', () => {
    expect(titleOf('a', { a: { title: 'Amount' } })).toBe('Amount');
    expect(titleOf('a', { a: { style: 'short' } })).toBe('a');
    expect(titleOf('constructor', {})).toBe('constructor');
  });
});

describe('moving a thing in its list', () => {
  test('takes it one place back or on, as far as there is room', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });

  test('is asked for by Shift and an arrow', () => {
    const step = (key: string, shiftKey = true) => stepOf({ key, shiftKey });
    expect([step('ArrowUp'), step('ArrowLeft')]).toEqual([-1, -1]);
    expect([step('ArrowDown'), step('ArrowRight')]).toEqual([1, 1]);
    expect([step('Tab'), step('ArrowUp', false)]).toEqual([undefined, undefined]);
  });
});
