import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import { testWith } from '../support/machine-tools.ts';
import {
  findReport,
  makeDueSchedule,
  makeReport,
  openSignedIn,
  webDemo,
} from '../support/open-web.ts';

const test = testWith('chromium');

describe('reading a report', () => {
  test('with other parameters, its numbers, its downloads and its runs', async () => {
    const { page, open } = await openSignedIn('reader@acme.example');
    const temperatures = `select strftime(date, '%m') as month, round(avg(temp_max), 1) as high
from weather where location = {{ city }} group by month order by month
{% form %}
city:
  type: select
  label: City
  default: Seattle
  options: [Seattle, New York]
{% endform %}`;
    const title = 'July and August are the warm months';
    const chart = { chart_type: 'line', chart_title: title, spec: { x: 'month', y: ['high'] } };
    const report = await makeReport('Two cities', {
      queries: [
        { name: 'Temperatures', raw_query: temperatures, charts: [chart] },
        { name: 'Wet days', raw_query: "select count(*) from weather where weather = 'rain'" },
      ],
    });
    const run = page.getByRole('button', { name: 'Run', exact: true });
    const city = page.getByLabel('City');
    const results = page.getByText('Results from').locator('..');
    await open(`/acme/reports/${report}`);
    await run.click();
    await page.getByRole('img', { name: title }).waitFor();
    expect(await page.title()).toBe('Two cities · Rollcall');
    await city.selectOption('New York');
    await page
      .getByRole('status')
      .getByText('Not run yet. The results below are for City Seattle')
      .waitFor();
    await run.click();
    await page.getByText('Running…').waitFor();
    await results.getByText('City New York').waitFor();
    await results.getByText('run by reader@acme.example').waitFor();
    await page.getByText('Not run yet').waitFor({ state: 'hidden' });
    const address = new URL(page.url());
    expect(address.searchParams.get('param_city')).toBe('New York');
    await page.getByRole('button', { name: 'Show data' }).first().click();
    const table = page.getByRole('region', { name: `Data: ${title}` });
    await table.getByRole('rowheader', { name: '07', exact: true }).waitFor();
    await expect.poll(() => table.getByRole('row').count()).toBe(13);

    await page.getByRole('button', { name: 'More actions' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download CSV (zip)' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^Two cities \(City New York\) \w+\.zip$/);
    // Two queries are two files, in a ZIP.
    const content = await text(await download.createReadStream());
    expect(content).toContain('Temperatures.csv');
    expect(content).toContain('Wet days.csv');
    await page.getByRole('button', { name: 'Download: Wet days' }).click();
    const [one] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download CSV' }).click(),
    ]);
    expect(one.suggestedFilename()).toMatch(/^Two cities, Wet days \(City New York\) \w+\.csv$/);
    expect(await text(await one.createReadStream())).toMatch(/^count_star\(\)\r\n\d+\r\n$/);

    // The next reader sees the report's own run; a copied link opens the one that it names.
    await open(`/acme/reports/${report}`);
    await results.getByText('City Seattle').waitFor();
    expect(await city.inputValue()).toBe('Seattle');
    await page.getByRole('button', { name: 'Runs' }).click();
    const runs = page.getByRole('complementary').getByRole('listitem');
    await runs.getByText('City New York').waitFor();
    await runs.getByText('City New York').locator('xpath=ancestor::li').getByRole('link').click();
    await results.getByText('City New York').waitFor();
    expect(await city.inputValue()).toBe('New York');
    await open(address.pathname + address.search);
    await results.getByText('City New York').waitFor();
    expect(await city.inputValue()).toBe('New York');
    await page.getByRole('link', { name: 'Show default run' }).click();
    await results.getByText('City Seattle').waitFor();
    await open(`/acme/reports/${report}?param_city=New+York`);
    await page.getByText('Not run yet').waitFor();
    await page.getByRole('button', { name: 'API', exact: true }).click();
    await page.getByText('"report_url"').waitFor();
  });

  test('that others run meanwhile: the page shows it by itself, where it is read', async () => {
    const { page, open } = await openSignedIn('watcher@acme.example', {
      viewport: { width: 390, height: 500 },
    });
    const report = await makeReport('Watched', {
      queries: [
        { name: 'Many', raw_query: 'select i from range(100) r(i)' },
        {
          name: 'Sales',
          raw_query: 'select 1234567890123.45 as sales, 0.00000042 as share',
          charts: [
            { chart_type: 'bigNumber', chart_title: 'Sales', spec: { y: ['sales'] } },
            { chart_type: 'table', chart_title: 'All of it' },
          ],
        },
      ],
    });
    await page.clock.install();
    await open(`/acme/reports/${report}`);
    await page.getByText('This report has never run').waitFor();
    const { url, apiToken } = webDemo();
    const api = new RestClient({ url, apiToken });
    await api.send('POST', `/api/acme/reports/${report}/runs`, {});
    await page.clock.fastForward(61_000);
    await page.getByRole('cell', { name: '7', exact: true }).waitFor();
    await page.getByText('Results from').waitFor();

    // However large a figure or small a number, all of it is there.
    await page.getByRole('cell', { name: '4.2E-7' }).waitFor();
    const figure = page.getByRole('figure', { name: 'Sales' }).getByText('1,234,567,890,123.45');
    expect(await figure.evaluate((place) => place.scrollWidth <= place.clientWidth)).toBe(true);
    expect(await figure.evaluate((place) => place.getClientRects().length)).toBe(1);

    // On a phone the panels are below the results, and opening one leaves the reader there.
    const details = page.getByRole('button', { name: 'Details' });
    await details.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate('window.scrollY');
    expect(scrolled).toBeGreaterThan(0);
    await details.click();
    await page.getByText('Last success').waitFor();
    expect(await page.evaluate('window.scrollY')).toBe(scrolled);
  });

  test('stays where it is while what is late arrives, as the roll call does', async () => {
    const { page, open, context } = await openSignedIn('steady-reader@acme.example', {
      viewport: { width: 390, height: 800 },
    });
    const noted = 'new PerformanceObserver((list) => { for (const shift of list.getEntries())';
    await context.addInitScript(
      `window.shifted = 0; ${noted} window.shifted += shift.value; }).observe({ type: 'layout-shift', buffered: true })`,
    );
    // Each answer comes once the one before it is drawn, so that each moves what it moves, on any machine.
    let before: Promise<unknown> = Promise.resolve();
    const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
    await page.route('**/api/**', async (route) => {
      const request = route.request();
      if (request.resourceType() === 'eventsource') return route.continue();
      before = before.then(async () => {
        await route.continue();
        await (await request.response())?.finished();
        await page.evaluate(drawn).catch(() => undefined); // of a page that was left
      });
      await before;
    });
    const report = await findReport('One route, day by day');
    for (const path of [`reports/${report}`, 'roll-call']) {
      await open(`/acme/${path}`);
      expect(await page.evaluate('window.shifted'), path).toBeLessThan(0.1);
    }
  });

  test('that runs for long: it is told, and cancelled', async () => {
    const { page, open } = await openSignedIn('patient-reader@acme.example');
    const report = await makeReport('Counts for ever', {
      queries: [
        {
          name: 'Count',
          raw_query: 'select count(*) from range(10_000_000_000_000) a, range(9) b',
        },
      ],
    });
    await open(`/acme/reports/${report}`);
    await page.getByText('This report has never run').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Running…').waitFor();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    await page.getByText('Canceled').first().waitFor();
  });

  test('that fails: the line that is wrong is marked', async () => {
    const { page, open } = await openSignedIn('reader-of-failures@acme.example');
    await open(`/acme/reports/${await findReport('Refunds by region (fails on purpose)')}`);
    const alert = page.getByRole('alert');
    await alert.getByText('refunds').first().waitFor();
    expect(await alert.locator('mark').textContent()).toContain('refunds');
  });

  test('and having it run by itself, to be paused and deleted among all schedules', async () => {
    const { page, open } = await openSignedIn('planner@acme.example');
    const report = await makeReport('To be scheduled', {
      queries: [{ name: 'One', raw_query: 'select 1 as one' }],
    });
    await open(`/acme/reports/${report}?panel=schedule`);
    await page.getByRole('button', { name: 'Add schedule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Frequency').selectOption('Every week');
    await dialog.getByLabel('Thursday').check();
    await dialog.getByLabel('Monday').uncheck();
    await dialog.getByLabel('Time').fill('09:30');
    await dialog.getByRole('button', { name: 'Add schedule' }).click();
    await page.getByText('Schedule added').waitFor();
    await page.getByText('Europe/Berlin').waitFor();

    await page.getByRole('navigation').getByRole('link', { name: 'Schedules' }).click();
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();
    expect(await page.title()).toBe('Schedules · Rollcall');
    await page.locator('h1:focus').getByText('Schedules').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'To be scheduled' });
    await row.getByText('on Thursday at 09:30').waitFor();
    await row.getByRole('button', { name: 'Edit' }).click();
    expect(await dialog.getByLabel('Thursday').isChecked()).toBe(true);
    await dialog.getByLabel('Tuesday').check();
    await dialog.getByLabel('Time').fill('10:45');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('on Tuesday, Thursday at 10:45').waitFor();
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Resume' }).waitFor();
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Schedule deleted').waitFor();
    await expect.poll(() => row.count()).toBe(0);
  });

  test('and seeing why it could not run by itself', async () => {
    const { page, open } = await openSignedIn('minder@acme.example');
    const report = await makeReport('Without a query');
    await makeDueSchedule(report);
    const told = 'Skipped just now: The report has no queries, so there is nothing to run.';
    await open(`/acme/reports/${report}?panel=schedule`);
    await page.getByText(told).waitFor();
    await open('/acme/schedules');
    await page.getByRole('row').filter({ hasText: 'Without a query' }).getByText(told).waitFor();
  });

  test('and archiving it, with a way back', async () => {
    const { page, open } = await openSignedIn('archivist@acme.example');
    const report = await makeReport('To be archived', {
      queries: [{ name: 'One', raw_query: 'select 1 as one' }],
    });
    await open(`/acme/reports/${report}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await page.getByText('This report is archived').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('This report is archived').waitFor({ state: 'hidden' });
  });
});
