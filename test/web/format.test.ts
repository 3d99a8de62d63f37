import { describe, expect, test } from 'vitest';
import { moved, stepOf } from '../../web/src/parts/moved.ts';
import { cellWriter, placesOf } from '../../web/src/results/columns.ts';
import { type Format, numberWriter, titleOf } from '../../web/src/results/format.ts';

describe('a number', () => {
  test.each([
    [{}, 1234.5, '1,234.5'],
    [{ decimals: 2 }, 1234.5, '1,234.50'],
    [{ decimals: 0 }, 0.5, '1'],
    [{ style: 'number' }, 2026, '2,026'],
    [{ style: 'percent' }, 0.256, '25.6\u00a0%'],
    [{ style: 'percent', decimals: 0 }, -0.256, '-26\u00a0%'],
    [{ style: 'short' }, 12_345, '12.3k'],
    [{ style: 'short', decimals: 2, prefix: '€' }, -3_456_789, '-€3.46M'],
    [{ suffix: ' kg' }, 5, '5 kg'],
  ] as [Format, number, string][])('written as %j: %d is %s', (format, value, text) => {
    expect(numberWriter('amount', format)(value)).toBe(text);
  });

  test('of years and identifiers has no marks, unless somebody wants them', () => {
    expect(numberWriter('year', undefined)(2026)).toBe('2026');
    expect(numberWriter('order_id', { prefix: '#' })(12_345)).toBe('#12345');
    expect(numberWriter('year', { style: 'number' })(2026)).toBe('2,026');
  });
});

describe('a cell', () => {
  test('that holds more digits than a number can loses none', () => {
    const column = { name: 'exact', type: 'DECIMAL(38,2)' };
    const value = '12345678901234567890.12';
    expect(cellWriter(column, undefined)(value)).toBe(value);
    expect(cellWriter(column, { decimals: 2 })(value)).toBe('12,345,678,901,234,567,890.12');
  });

  test('that is text is no number, and one that is empty is none', () => {
    const write = cellWriter({ name: 'code', type: 'VARCHAR' }, { style: 'percent' });
    expect(write('0012')).toBe('0012');
    expect(write(null)).toBeNull();
    expect(cellWriter({ name: 'at', type: 'TIMESTAMP' }, {})('2026-01-02T03:04:05.000Z')).toBe(
      '2026-01-02 03:04:05',
    );
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
