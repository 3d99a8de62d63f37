import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { findReport, makeDueSchedule, makeReport, openSignedIn } from '../support/open-web.ts';

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
    await open(`/acme/reports/${report}`);
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('img', { name: title }).waitFor();
    await page.getByLabel('City').selectOption('New York');
    await page.getByRole('button', { name: 'Run with these' }).click();
    await page.getByText('It is running').waitFor();
    await page.getByRole('status').getByText('It is running').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Show the numbers' }).first().click();
    const table = page.getByRole('region', { name: 'Result' }).first();
    await table.getByRole('cell', { name: '07', exact: true }).waitFor();
    await expect.poll(() => table.getByRole('row').count()).toBe(13);

    await page.getByRole('button', { name: 'More' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download CSV' }).click(),
    ]);
    // Two queries are two files, in a ZIP.
    const content = await text(await download.createReadStream());
    expect(content).toContain('Temperatures.csv');
    expect(content).toContain('Wet days.csv');

    await page.getByRole('button', { name: 'Runs' }).click();
    const runs = page.getByRole('complementary').getByRole('listitem');
    await expect.poll(() => runs.count()).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'API', exact: true }).click();
    await page.getByText('"report_url"').waitFor();
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
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('It is running').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Run now' }).waitFor();
    await page.getByText('cancelled').first().waitFor();
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
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How often').selectOption('Every week');
    await dialog.getByLabel('Day').selectOption('Tuesday');
    await dialog.getByLabel('Time').fill('09:30');
    await dialog.getByRole('button', { name: 'Add a schedule' }).click();
    await page.getByText('runs by itself from now on').waitFor();
    await page.getByText('Europe/Berlin').waitFor();

    await open('/acme/schedules');
    const row = page.getByRole('row').filter({ hasText: 'To be scheduled' });
    await row.getByText('09:30').waitFor();
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Go on' }).waitFor();
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The schedule is gone').waitFor();
    await expect.poll(() => row.count()).toBe(0);
  });

  test('and seeing why it could not run by itself', async () => {
    const { page, open } = await openSignedIn('minder@acme.example');
    const report = await makeReport('Without a query');
    await makeDueSchedule(report);
    const told = 'Could not start just now: The report has no query, so there is nothing to run.';
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
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await page.getByText('This report is archived').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('This report is archived').waitFor({ state: 'hidden' });
  });
});
