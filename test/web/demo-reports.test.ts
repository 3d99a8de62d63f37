import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { demoPlace, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

type Chart = { spec: { x?: string; series?: string; y?: string[] } };
type QueryRun = {
  query_token: string;
  columns: { name: string }[];
  row_count: number;
  error_message: string | null;
  error_line: number | null;
};

test('every report of the demo ran when it was made, and one says why it could not', async () => {
  const { api } = demoPlace();
  const read = async <Name extends string, Thing>(path: string, name: Name) =>
    (await api.get<{ _embedded: Record<Name, Thing[]> }>(`/api/acme/reports/${path}`))._embedded[
      name
    ];
  const { reports } = webDemo();
  expect(reports).toHaveLength(21);
  const failed = reports.filter((row) => row.last_run_state !== 'succeeded');
  expect(failed.map((row) => row.name)).toEqual(['Refunds by region (fails on purpose)']);
  for (const { token, last_run_token: run, last_run_state: state } of reports) {
    const queryRuns = await read<'query_runs', QueryRun>(
      `${token}/runs/${run}/query_runs`,
      'query_runs',
    );
    if (state !== 'succeeded') {
      expect(queryRuns[0]?.error_message).toContain('refunds');
      expect(queryRuns[0]?.error_line).toBe(3);
      continue;
    }
    // Every column that a chart names is in the result of its query.
    for (const { query_token: query, columns, row_count: rows } of queryRuns) {
      expect(rows).toBeGreaterThan(0);
      const names = columns.map((column) => column.name);
      for (const { spec } of await read<'charts', Chart>(
        `${token}/queries/${query}/charts`,
        'charts',
      )) {
        const named = [spec.x, spec.series, ...(spec.y ?? [])].filter(Boolean);
        expect(names).toEqual(expect.arrayContaining(named));
      }
    }
  }
});
