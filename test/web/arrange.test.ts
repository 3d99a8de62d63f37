import { expect } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import { publish, wide } from '../support/editor-page.ts';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

const named = (name: string, raw_query = `select '${name}' as name`) => ({ name, raw_query });

test('queries are put in order by button and by key, and stand so on the report’s page', async () => {
  const { page, open } = await openSignedIn('arranger@acme.example', wide);
  const report = await makeReport('To be arranged', {
    queries: [named('Costs'), named('Revenue'), named('Profit')],
  });
  await open(`/acme/reports/${report}/edit`);
  const tabs = page.getByRole('navigation', { name: 'Queries' }).getByRole('button');
  const order = async () => (await tabs.allTextContents()).slice(0, 3).join(' ');

  await page.getByRole('button', { name: 'Profit', exact: true }).click();
  await page.getByRole('button', { name: 'Move Profit left' }).click();
  await page.getByText('Profit moved to position 2 of 3').waitFor();
  expect(await order()).toBe('Costs Profit Revenue');

  // The focus goes with what it moves, and stays at the end.
  await page.getByRole('button', { name: 'Costs', exact: true }).focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('Costs moved to position 3 of 3').waitFor();
  expect(await order()).toBe('Profit Revenue Costs');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Costs');

  await page.getByRole('button', { name: 'Publish and run' }).click();
  await page.getByText('Queries reordered').waitFor();
  await page.keyboard.press('Escape');
  await publish(page, { andRun: true });
  const headings = page.getByRole('main').getByRole('heading', { level: 2 });
  await headings.getByText('Costs').waitFor();
  expect((await headings.allTextContents()).join(' ')).toBe('Profit Revenue Costs');
});

test('a table has the columns, in the order and in the words, that somebody gave it', async () => {
  const { page, open } = await openSignedIn('table-setter@acme.example', wide);
  const sql = `select date '2026-01-02' as day, 'Ana' as who, 3456789.12 as paid, 0.256 as part`;
  const chart = { chart_type: 'table', chart_title: 'Who paid' };
  const report = await makeReport('A table', {
    queries: [{ ...named('Payments', sql), charts: [chart] }],
  });
  await open(`/acme/reports/${report}/edit`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const columns = page.getByRole('group', { name: 'Columns' });
  const preview = page.getByRole('figure').getByRole('columnheader');
  await columns.getByRole('checkbox', { name: 'day' }).uncheck();
  await columns.getByRole('button', { name: 'Move part up' }).click();
  await columns.getByRole('checkbox', { name: 'part' }).focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(() => preview.allTextContents()).toEqual(['part', 'who', 'paid']);

  await page.getByText('Names and formats').click();
  await page.getByLabel('Display name: part').fill('Share');
  await page.getByLabel('Format: part').selectOption('Percent: 25%');
  await page.getByLabel('Display name: paid').fill('Paid');
  await page.getByLabel('Format: paid').selectOption('Short: 12.3k');
  await page.getByLabel('Decimals: paid').fill('2');
  await page.getByLabel('Prefix: paid').fill('€');
  expect(await page.getByLabel('Format: who').count()).toBe(0);
  await publish(page, { andRun: true });

  const table = page.getByRole('figure', { name: 'Who paid' });
  await table.getByRole('cell').first().waitFor();
  expect(await table.getByRole('columnheader').allTextContents()).toEqual(['Share', 'who', 'Paid']);
  expect(await table.getByRole('cell').allTextContents()).toEqual(['25.6%', 'Ana', '€3.46m']);
});

test('a chart has bars, and lines with an axis of their own', async () => {
  const { page, open } = await openSignedIn('two-axes@acme.example', wide);
  const sql = 'select i as month, 1000 * i as revenue, i / 20 as margin from range(1, 13) r(i)';
  const report = await makeReport('Two axes', {
    queries: [{ ...named('Months', sql), charts: [{ chart_type: 'bar', chart_title: 'Revenue' }] }],
  });
  await open(`/acme/reports/${report}/edit`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByLabel('Type').selectOption('Bar and line');
  await page.getByLabel('X axis').selectOption('month');
  await page.getByRole('group', { name: 'Bars (left axis)' }).getByLabel('revenue').check();
  await page.getByRole('group', { name: 'Lines (right axis)' }).getByLabel('margin').check();
  await page.getByText('Names and formats').click();
  await page.getByLabel('Format: margin').selectOption('Percent: 25%');
  await publish(page, { andRun: true });
  await page.getByRole('img', { name: 'Revenue' }).waitFor();

  const { url, apiToken } = webDemo();
  const content = `/api/acme/reports/${report}/content`;
  expect(await new RestClient({ url, apiToken }).get(content)).toMatchObject({
    queries: [
      {
        charts: [
          {
            chart_type: 'linePlusBar',
            spec: {
              x: 'month',
              y: ['revenue'],
              y2: ['margin'],
              formats: { margin: { style: 'percent' } },
            },
          },
        ],
      },
    ],
  });
});
