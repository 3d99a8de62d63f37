import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

test('every report of the demo ran when it was made, and one says why it could not', () => {
  const { reports } = webDemo();
  expect(reports).toHaveLength(21);
  const failed = reports.filter((row) => row.last_run_state !== 'succeeded');
  expect(failed.map((row) => row.name)).toEqual(['Refunds by region (fails on purpose)']);
  expect(failed[0]?.queryRuns[0]?.error_message).toContain('refunds');
  expect(failed[0]?.queryRuns[0]?.error_line).toBe(3);
  // Every column that a chart names is in the result of its query.
  for (const { queryRuns } of reports.filter((row) => row.last_run_state === 'succeeded')) {
    expect(queryRuns.length).toBeGreaterThan(0);
    for (const { columns, row_count: rows, charts } of queryRuns) {
      expect(rows).toBeGreaterThan(0);
      const names = columns.map((column) => column.name);
      for (const { spec } of charts) {
        const named = [spec.x, spec.series, ...(spec.y ?? [])].filter(Boolean);
        expect(names).toEqual(expect.arrayContaining(named));
      }
    }
  }
});
