import { describe, expect } from 'vitest';
import { publish, wide, writeSql } from '../support/editor-page.ts';
import { testWith } from '../support/machine-tools.ts';
import { listed, makeReport, openSignedIn, openWeb, rows, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

test('a newcomer: from the printed link to a changed, charted and scheduled report that catalogs list', async () => {
  const { page, open } = await openWeb(wide);
  await open(webDemo().link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type('weather readings');
  await page.getByText('1 report', { exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  const weather = page.getByRole('link', { name: 'Weather, month by month' });
  await page.locator('a:focus').and(weather).waitFor();
  // Where others change the list meanwhile, the row is another element by now.
  await weather.press('e');
  await page.locator('.cm-content:visible').waitFor();

  await writeSql(
    page,
    `select strftime(date, '%m') as month, round(max(temp_max), 1) as hottest
from weather
where location = {{ city }}
group by month
order by month

{% form %}
city:
  type: select
  label: City
  default: Seattle
  options: [Seattle, New York]
{% endform %}`,
  );
  await page.keyboard.press('Control+Enter');
  await page.getByText('12 rows.').waitFor();
  await page.getByRole('button', { name: 'Add chart' }).click();
  const chart = page.locator('fieldset', { hasText: 'Title' }).last();
  await chart.getByLabel('Title').fill('The hottest day of each month');
  await chart.getByLabel('Type').selectOption('Bar');
  await chart.getByLabel('hottest').check();
  await page.getByRole('img', { name: 'The hottest day of each month' }).waitFor();
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByText('SQL changed: Temperatures').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish and run' }).click();
  await page.getByText('Report published').waitFor();
  await page.getByRole('img', { name: 'The hottest day of each month' }).waitFor();

  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await page.getByRole('button', { name: 'Add schedule' }).click();
  await page.getByRole('dialog').getByLabel('Time').fill('07:15');
  await page.keyboard.press('Enter');
  await page.getByText('at 07:15').waitFor();

  const report = new URL(page.url()).pathname.split('/').at(-1) as string;
  const queries = await listed('queries', report);
  expect(queries.some((row) => row.raw_query?.includes('as hottest'))).toBe(true);
  const charts = await listed('charts', report);
  expect(charts.map((row) => row.chart_title)).toContain('The hottest day of each month');
  const [stats] = await listed('report_stats', report);
  expect(stats).toMatchObject({ active_schedules_count: 2 });
  expect(stats?.view_count).toBeGreaterThan(0); // other tests read it, too
});

describe('writing a report', () => {
  test('marks the line that is wrong, and keeps the draft while one is away', async () => {
    const { page, open } = await openSignedIn('writer@acme.example', wide);
    const report = await makeReport('To be written', {
      queries: [{ name: 'One', raw_query: 'select 1 as one' }],
    });
    await open(`/acme/reports/${report}/edit`);
    await writeSql(page, 'select *\nfrom no_such_table');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Query failed at line 2').waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.getByText('Saved just now').waitFor();

    // What is below the SQL is its result, or says of which SQL it is; a failed or stopped attempt leaves none.
    const result = page.getByRole('cell', { name: '42' });
    const earlier = page.getByText('Result of an earlier version of this query');
    await writeSql(page, 'select 42 as answer');
    await page.keyboard.press('Control+Enter');
    await result.waitFor();
    expect(await earlier.count()).toBe(0);
    await writeSql(page, 'select count(*) from range(10_000_000_000_000) a, range(9) b');
    await earlier.click();
    await page.getByText('select 42 as answer').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Query stopped').waitFor();
    expect(await result.count()).toBe(0);
    await writeSql(page, 'select *\nfrom no_such_table');
    await page.getByText('Saved just now').waitFor();

    await open('/acme');
    await open(`/acme/reports/${report}/edit`);
    await page.getByText('Draft restored').waitFor();
    await page.locator('.cm-content').getByText('no_such_table').waitFor();
    await page.getByRole('button', { name: 'Discard draft' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
    await page.locator('.cm-content').getByText('1 as one').waitFor();
  });

  test('a new report, from the list to its first result', async () => {
    const role = 'member';
    const { page, context, open, settle } = await openSignedIn('beginner@acme.example', {
      ...{ ...wide, role, refusals: [409, 404] },
    });
    const dialog = page.getByRole('dialog');
    const isListed = async () => (await rows('reports')).map(({ name }) => name);
    const drafts = page.getByRole('link', { name: '1 draft' });
    await open('/acme');
    await page.getByRole('button', { name: 'New report' }).click();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Add query' }).waitFor();
    await page.getByRole('link', { name: 'Back to reports' }).click();
    await settle();
    // Who has written nothing leaves nothing.
    expect(await drafts.count()).toBe(0);

    await page.getByRole('button', { name: 'New report' }).click();
    await dialog.getByLabel('Name').fill('My first report');
    await dialog.getByRole('combobox', { name: 'Space' }).fill('Climate');
    await page.getByRole('option', { name: 'Climate' }).click();
    await dialog.getByRole('button', { name: 'Create' }).dblclick();
    await page.getByRole('button', { name: 'Add query' }).click();
    await page.locator('.cm-content:focus').waitFor();
    await page.keyboard.insertText('select count(*) as readings from weather');
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 row.').waitFor();
    await page.getByText('Saved just now').waitFor();
    expect(await isListed()).not.toContain('My first report');
    await open('/acme');
    await drafts.click();
    await page.getByRole('link', { name: 'My first report' }).click();
    await page.locator('.cm-content').getByText('as readings').waitFor();

    const second = await context.newPage();
    await second.goto(page.url());
    await second.locator('.cm-content').getByText('as readings').waitFor();
    await page.getByRole('button', { name: 'Publish and run' }).click();
    await dialog.getByText('Everyone in Acme Corp can see it').waitFor();
    await dialog.getByRole('button', { name: 'Publish and run' }).click();
    await page.getByRole('heading', { name: 'My first report' }).waitFor();
    await page.getByRole('cell', { name: '2922' }).waitFor();
    expect((await isListed()).filter((name) => name === 'My first report')).toHaveLength(1);

    // The other tab keeps what is written there, and goes on with the report.
    await writeSql(second, 'select 7 as late');
    await second.getByText('This report was published in another tab').waitFor();
    await second.getByRole('button', { name: 'Continue in the published report' }).click();
    await second.locator('.cm-content').getByText('as late').waitFor();
    expect((await isListed()).filter((name) => name === 'My first report')).toHaveLength(1);
  });

  test('that asks for other parameters than its last run had is run with their defaults', async () => {
    const { page, open } = await openSignedIn('asker@acme.example', { ...wide, refusals: [400] });
    const form = (name: string) =>
      `{% form %}\n${name}:\n  type: number\n  default: 7\n{% endform %}`;
    const report = await makeReport('Asks for something', {
      queries: [{ name: 'One', raw_query: `select {{ least }} as given\n${form('least')}` }],
    });
    await open(`/acme/reports/${report}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('cell', { name: '7' }).waitFor();
    await open(`/acme/reports/${report}/edit`);
    await writeSql(page, `select {{ most }} + 1 as given\n${form('most')}`);
    await publish(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('cell', { name: '8' }).waitFor();
    await page.getByLabel('most').waitFor();
  });

  test('tells two people of each other, and replaces nothing unseen', async () => {
    const report = await makeReport('Written by two', {
      queries: [{ name: 'One', raw_query: 'select 1 as one' }],
    });
    const first = await openSignedIn('first-writer@acme.example', wide);
    const second = await openSignedIn('second-writer@acme.example', { ...wide, refusals: [412] });
    for (const { open, page } of [first, second]) {
      await open(`/acme/reports/${report}/edit`);
      await page.locator('.cm-content').waitFor();
    }
    await writeSql(first.page, 'select 1 as the_first');
    await first.page.getByText('Saved just now').waitFor();
    await writeSql(second.page, 'select 2 as the_second');
    await second.page.getByText('Saved just now').waitFor();
    await second.page.reload();
    await second.page.getByText('first-writer@acme.example is also editing this report').waitFor();

    await first.page.getByRole('button', { name: 'Publish and run' }).click();
    await first.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Publish', exact: true })
      .click();
    await first.page.getByText('Report published').waitFor();

    await second.page.getByRole('button', { name: 'Publish and run' }).click();
    const dialog = second.page.getByRole('dialog');
    const answer = dialog.getByRole('button', { name: 'Publish', exact: true });
    const told = dialog.getByRole('heading', { name: 'Another member published this report' });
    await answer.or(told).first().waitFor();
    if (await answer.isVisible()) await answer.click();
    await told.waitFor();
    await dialog.getByRole('heading', { name: 'Their changes' }).waitFor();
    const raw = async () => (await listed('queries', report))[0]?.raw_query;
    expect(await raw()).toBe('select 1 as the_first');
    await dialog.getByRole('button', { name: 'Publish mine over theirs' }).click();
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await second.page.getByText('Report published').waitFor();
    expect(await raw()).toBe('select 2 as the_second');
  });

  test('waits for a wider screen', async () => {
    const { page, open } = await openSignedIn('pocket@acme.example', {
      viewport: { width: 390, height: 800 },
    });
    const report = await makeReport('Read on the way', {
      queries: [{ name: 'One', raw_query: 'select 1 as one' }],
    });
    await open(`/acme/reports/${report}/edit`);
    await page.getByText('Editing needs a wider screen').waitFor();
    await page.getByText('select 1 as one').waitFor();
  });
});
