import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn, runReport } from '../support/open-web.ts';

const test = testWith('chromium');

const chart = (chart_type: string, chart_title: string | null, spec: object = {}) => ({
  chart_type,
  chart_title,
  spec,
});

test('charts are drawn of all rows, and say what they sum, group and leave out', async () => {
  const report = await makeReport('Charts of all rows', {
    queries: [
      {
        name: 'Sales',
        raw_query: `select * from (values ('north', 10), ('north', 20), ('south', 5), ('south', 7)) t(region, sales)`,
        charts: [
          chart('bar', 'North sells more'),
          chart('line', 'Rain per day', { x: 'region', y: ['rain'] }),
          chart('bigNumber', 'All sales', { y: ['sales', 'sales'], aggregate: 'sum' }),
        ],
      },
      {
        name: 'Regions',
        raw_query: `select 'region ' || (i % 40) as region, 2020 + i // 40 as year, i as sales from range(120) t(i)`,
        charts: [
          chart('pivotTable', 'Forty regions', { x: 'year', y: ['sales'], series: 'region' }),
          chart('stackedBar', null, { x: 'year', y: ['sales'], series: 'region' }),
        ],
      },
      {
        name: 'Cells',
        raw_query: `select 'row ' || i // 300 as line, i % 300 as place, i as cell from range(60000) t(i)`,
        charts: [
          chart('pivotTable', 'Many cells', {
            ...{ x: 'place', y: ['cell'], series: 'line', pivot_totals: 'both' },
          }),
        ],
      },
      {
        name: 'Losses',
        raw_query: `select * from (values ('a', 1), ('b', -2)) t(name, profit)`,
        charts: [chart('pie', 'Profit')],
      },
    ],
  });
  await runReport(report);

  const { page, open } = await openSignedIn('looker@acme.example');
  await open(`/acme/reports/${report}`);
  const figure = (name: string) => page.getByRole('figure', { name });
  const bars = figure('North sells more');
  const drawn = bars.getByRole('img', { name: 'North sells more' });
  await drawn.waitFor();
  await bars.getByText('Sum of sales by region.', { exact: true }).waitFor();
  const summary = await drawn.getAttribute('aria-describedby');
  expect(await page.locator(`[id="${summary}"]`).textContent()).toBe(
    'Bar chart: Sum of sales by region. 2 values: from 12 (south) to 30 (north).',
  );

  const turn = bars.getByRole('button', { name: 'Show data: North sells more' });
  await turn.click();
  expect(await turn.getAttribute('aria-pressed')).toBe('true');
  const rows = bars.getByRole('region', { name: 'Data: North sells more' }).getByRole('row');
  await expect
    .poll(() => rows.allTextContents())
    .toEqual(['regionSum of sales', 'north30', 'south12']);

  await figure('Rain per day').getByText('This run has no column "rain".').waitFor();
  await figure('Profit').getByText('A slice cannot be negative').waitFor();
  await expect
    .poll(() => figure('All sales').textContent())
    .toMatch(/42.*vs 42 \(Sum of sales\), no change/s);

  // All rows of a pivot, which is scrolled by keyboard; and a chart without a title says what it shows.
  const pivot = figure('Forty regions').getByRole('region');
  const table = pivot.getByRole('table');
  expect(await table.getAttribute('aria-rowcount')).toBe('41');
  const headers = await table.getByRole('columnheader').allTextContents();
  expect(headers).toEqual(['region', '2020', '2021', '2022']);
  await pivot.focus();
  await page.keyboard.press('End');
  await table.getByRole('rowheader', { name: 'region 39' }).waitFor();

  // A pivot table that is larger than its picture is read as one scrolls; names and totals stay in sight.
  const many = figure('Many cells').getByRole('region');
  const cells = many.getByRole('table');
  expect(await cells.getAttribute('aria-rowcount')).toBe('201');
  expect(await cells.getAttribute('aria-colcount')).toBe('302');
  await many.evaluate((element) => {
    element.scrollTo({ top: element.scrollHeight, left: element.scrollWidth });
  });
  const last = cells.locator('tr[aria-rowindex="201"]');
  await last.getByRole('cell', { name: '59,999', exact: true }).waitFor({ timeout: 30_000 });
  expect(await last.getByRole('rowheader').textContent()).toBe('row 199');
  await expect.poll(() => cells.getByRole('columnheader', { name: '299' }).count()).toBe(1);
  const totals = cells.locator('tfoot td:not([aria-hidden])');
  await expect
    .poll(async () => (await totals.allTextContents()).slice(-2))
    .toEqual(['6,029,800', '1,799,970,000']);
  expect(await last.getByRole('cell').last().textContent()).toBe('17,954,850');
  expect(await figure('Many cells').getByText('The first').count()).toBe(0);

  const stack = figure('sales by year');
  await stack
    .getByText('The smallest 28 values of region are shown together as “Other”.')
    .waitFor();
});
