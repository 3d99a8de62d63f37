import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn, runReport } from '../support/open-web.ts';

const test = testWith('chromium');

test('a result is read to its last row, sorted, searched and copied', async () => {
  const report = await makeReport('A long table', {
    queries: [
      {
        name: 'Orders',
        raw_query: `select i::integer as id, 'customer ' || (i * 7919 % 100000) as customer,
          case when i % 3 = 0 then 'https://shop.example/orders/' || i end as link from range(100000) t(i)`,
        charts: [
          {
            chart_type: 'table',
            chart_title: 'Orders',
            spec: { totals: { id: 'sum', customer: 'count_distinct' } },
          },
        ],
      },
    ],
  });
  await runReport(report);

  const { page, open } = await openSignedIn('rows-reader@acme.example');
  await open(`/acme/reports/${report}`);
  const table = page.getByRole('region', { name: 'Result: Orders' });
  const row = (index: number) => table.locator(`tr[aria-rowindex="${index + 2}"]`);
  const textOf = (index: number) => row(index).locator('td').first().textContent();
  await page.getByText('100,000 rows').waitFor();
  expect(await textOf(0)).toBe('0');
  expect(await row(3).getByRole('link').getAttribute('rel')).toBe('noopener noreferrer');

  const totals = table.locator('tfoot td');
  await expect
    .poll(() => totals.allTextContents())
    .toEqual(['Sum4999950000', 'Distinct100,000', '', '']);

  await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await row(99_999).getByText('99999', { exact: true }).waitFor();
  const height = await table.evaluate((element) => element.scrollHeight);
  expect(Math.abs(height - 100_000 * 28)).toBeLessThan(100);

  const header = table.getByRole('columnheader', { name: /^id/ });
  await header.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
  await expect.poll(() => textOf(0)).toBe('99999');
  const width = async () => (await header.boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(width).toBe(before + 16);

  await page.getByRole('searchbox', { name: 'Search rows: Result: Orders' }).fill('CUSTOMER 4321');
  await page.getByText('11 of 100,000 rows').waitFor();
  await expect.poll(() => table.locator('tr[aria-rowindex]').count()).toBe(11);
  await expect.poll(() => totals.nth(1).textContent()).toBe('Distinct11');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await row(0).locator('td').nth(0).click();
  await row(1)
    .locator('td')
    .nth(1)
    .click({ modifiers: ['Shift'] });
  await table.focus();
  await page.keyboard.press('Control+c');
  await page.getByText('4 cells copied').waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toMatch(/^\d+\tcustomer 4321\d?\n\d+\tcustomer 4321\d?$/);
});
