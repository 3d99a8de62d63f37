import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/charts/chart-spec.ts';
import { type Digits, numberWriter } from '../../src/charts/number-writer.ts';

const written = (value: Digits, format: Format = {}, column = 'amount', locale = 'en') =>
  numberWriter(column, format, locale)(value);

describe('a number', () => {
  test.each([
    [{}, 0, '0'],
    [{}, -0, '0'],
    [{}, 1234.5, '1,234.5'],
    [{}, 0.1 + 0.2, '0.3'],
    [{}, 1_234_567_890_123.45, '1,234,567,890,123.45'],
    [{}, Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
    [{ decimals: 2 }, 1234.5, '1,234.50'],
    [{ decimals: 0 }, 0.5, '1'],
    [{ style: 'percent' }, 0.256, '25.6%'],
    [{ style: 'percent', decimals: 0 }, -0.256, '-26%'],
    [{ style: 'short' }, 12_345, '12.3k'],
    [{ style: 'short', decimals: 2, prefix: '€' }, -3_456_789, '-€3.46M'],
    [{ suffix: ' kg' }, 5, '5 kg'],
  ] as [Format, number, string][])('written as %j: %d is %s', (format, value, text) => {
    expect(written(value, format)).toBe(text);
  });

  test.each([
    [{}, 0.000_42, '0.00042'],
    [{}, 0.000_000_42, '4.2E-7'],
    [{}, -5e-324, '-5E-324'],
    [{}, 4.2e30, '4.2E30'],
    [{}, 1e20, '1E20'],
    [{}, '0.00000042', '0.00000042'],
    [{ style: 'percent' }, 0.000_004_2, '0.00042%'],
    [{ style: 'short' }, 0.000_004_2, '0.0000042'],
    [{ style: 'percent' }, 4.2e30, '4.2E32%'],
    [{ style: 'percent' }, -4.2e-9, '-4.2E-7%'],
    [{ style: 'short' }, 4.2e30, '4.2E30'],
    [{ decimals: 2, prefix: '€' }, 0.004, '<€0.01'],
    [{ decimals: 2, prefix: '€' }, -0.004, '>-€0.01'],
    [{ style: 'percent', decimals: 0 }, 0.004, '<1%'],
  ] as [Format, Digits, string][])(
    'very small or large, written as %j: %d is %s',
    (format, value, text) => {
      expect(written(value, format)).toBe(text);
    },
  );

  test('that is not zero is never written as zero, whatever its format', () => {
    const formats: Format[] = (['number', 'plain', 'percent', 'short', undefined] as const).flatMap(
      (style) =>
        [undefined, 0, 2, 10].map((decimals) => ({
          ...(style && { style }),
          ...(decimals !== undefined && { decimals }),
        })),
    );
    for (const format of formats)
      for (let exponent = -320; exponent < 20; exponent++)
        for (const value of [1.5 * 10 ** exponent, -(4 * 10 ** exponent)]) {
          const text = written(value, format);
          expect(text, `${value} as ${JSON.stringify(format)}`).toMatch(/[1-9]/);
          expect(text.length).toBeLessThan(40);
        }
  });

  test('has marks at its thousands by its size and format, and by its name only as an identifier', () => {
    expect([2026, 9999, 10_000].map((value) => written(value))).toEqual(['2026', '9999', '10,000']);
    expect(written(2026, { style: 'number' })).toBe('2,026');
    expect(written(4_158_868, {}, 'births_per_year')).toBe('4,158,868');
    for (const column of ['id', 'order_id', 'orderId', 'Zip code', 'EAN'])
      expect(written(1_234_567, {}, column), column).toBe('1234567');
    for (const column of ['paid', 'Madrid', 'grid', 'encode'])
      expect(written(1_234_567, {}, column), column).toBe('1,234,567');
    expect(written(12_345, { prefix: '#' }, 'order_id')).toBe('#12345');
    expect(written(12_345, { style: 'number' }, 'order_id')).toBe('12,345');
    expect(written(1_234_567.5, { style: 'plain' })).toBe('1234567.5');
  });

  test('is written as the reader’s locale does', () => {
    expect(written(-1_234_567.5, {}, 'amount', 'de')).toBe('-1.234.567,5');
    expect(written(-1_234_567.5, { prefix: 'kr ' }, 'amount', 'sv')).toBe(
      '−kr 1\u00a0234\u00a0567,5',
    );
    expect(written(0.256, { style: 'percent' }, 'amount', 'de')).toBe('25,6\u00a0%');
    expect(written(0.256, { style: 'percent' }, 'amount', 'tr')).toBe('%25,6');
  });
});
