import { expect, test } from 'vitest';
import { guessChart } from '../../web/src/pages/editor/guess-chart.ts';

const [day, name, sales, cost] = [
  { name: 'day', type: 'DATE' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'sales', type: 'DOUBLE' },
  { name: 'cost', type: 'BIGINT' },
];

test('the type of a new chart is guessed from the result', () => {
  const guess = (columns: { name: string; type: string }[], rows = 2) =>
    guessChart({ columns, rows: Array.from({ length: rows }, () => []) });
  expect(guess([day, name, sales])).toBe('line');
  expect(guess([name, sales])).toBe('bar');
  expect(guess([name, sales], 1)).toBe('bigNumber');
  expect(guess([sales, cost])).toBe('scatter');
  expect(guess([name, day])).toBe('table');
  expect(guessChart(undefined)).toBe('line');
});
