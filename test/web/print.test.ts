import { expect } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

test('a report on paper is light and whole, and says what it is of', async () => {
  const chart = (chart_type: string, chart_title: string, spec: object = {}) => ({
    chart_type,
    chart_title,
    spec,
  });
  const report = await makeReport('A printed report', {
    queries: [
      {
        name: 'Orders',
        raw_query: `select i::integer as id, 'customer ' || i % 9 as customer, i * 1.5 as price
          from range({{ orders }}) t(i)
          {% form %}
          orders:
            type: number
            default: 700
          {% endform %}`,
        charts: [
          chart('bar', 'Sales by customer', { x: 'customer', y: ['price'] }),
          chart('table', 'All orders', { totals: { price: 'sum' } }),
          chart('pivotTable', 'Wide', { x: 'id', y: ['price'], series: 'customer' }),
        ],
      },
    ],
  });
  const { url, apiToken } = webDemo();
  const api = new RestClient({ url, apiToken });
  const runs = `/api/acme/reports/${report}/runs`;
  const { token } = await api.send<{ token: string }>('POST', runs);
  const state = async () => (await api.get<{ state: string }>(`${runs}/${token}`)).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('succeeded');

  const { page, open } = await openSignedIn('printer@acme.example');
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(`/acme/reports/${report}`);
  const table = page.getByRole('region', { name: 'Result: All orders' });
  await table.getByText('customer 1').first().waitFor();
  await page.getByRole('img', { name: 'Sales by customer' }).locator('canvas').waitFor();
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const dark = await background();
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  const pages = pdf.match(/\/Type \/Page\b/g)?.length;
  expect(pages).toBeGreaterThan(10);
  expect(pages, 'no page is empty because the table was higher on the screen').toBeLessThan(19);

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await background()).not.toBe(dark);
  for (const name of ['Run', 'Edit', 'Show data: Sales by customer'])
    expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('A printed report');
  await page.getByText('orders 700').waitFor();
  await page.getByText('run by').waitFor();
  await expect.poll(() => table.locator('tr[aria-rowindex]').count()).toBe(500);
  await page
    .getByText(
      'The first 500 of 700 rows. Totals include all rows. Open the report to see the rest.',
    )
    .waitFor();
  await page.getByText('The first 12 of 700 columns.').waitFor();
  expect(await table.evaluate((element) => element.scrollHeight <= element.clientHeight)).toBe(
    true,
  );

  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  expect(await background()).toBe(dark);
  await expect.poll(() => table.locator('tr[aria-rowindex]').count()).toBeLessThan(100);
});
