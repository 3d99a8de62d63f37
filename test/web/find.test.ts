import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

const searchOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

describe('finding a report', () => {
  test('by keyboard alone: search, choose, open, and back', async () => {
    const { page, open } = await openSignedIn('find-by-keys@acme.example');
    await open('/acme');
    await page.keyboard.press('/');
    await page.keyboard.type('mountain hawaii');
    await page.getByText('1 report', { exact: true }).waitFor();
    await expect.poll(() => searchOf(page.url())).toEqual({ q: 'mountain hawaii' });
    await page.keyboard.press('ArrowDown');
    await page.locator('[aria-selected=true]').getByText('Carbon dioxide at Mauna Loa').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Carbon dioxide at Mauna Loa' }).waitFor();
    await page.goBack();
    await page.getByText('1 report', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('mountain hawaii');
  });

  test('by filters and order, which the address keeps', async () => {
    const { page, open } = await openSignedIn('find-by-filters@acme.example');
    await open('/acme');
    await page.getByLabel('State', { exact: true }).selectOption('Failed');
    await page.getByRole('link', { name: 'Refunds by region' }).waitFor();
    await page.getByText('1 report', { exact: true }).waitFor();
    await page.getByLabel('State', { exact: true }).selectOption('Any state');
    await page.getByRole('combobox', { name: 'Owner' }).fill('chen');
    await page.getByRole('option', { name: 'chen@acme.example' }).click();
    await page.getByRole('combobox', { name: 'Space' }).fill('clim');
    await page.getByRole('option', { name: 'Climate' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Chart', { exact: true }).selectOption('Line');
    await page.getByRole('button', { name: 'Name' }).click();
    const names = page.getByRole('rowgroup').getByRole('link');
    await expect.poll(() => names.allTextContents()).toContain('Is it getting warmer?');
    const found = await names.allTextContents();
    expect(found).toEqual(found.toSorted((a, b) => a.localeCompare(b, 'en')));
    const { href } = new URL(page.url());
    expect(searchOf(href)).toMatchObject({
      owner: 'chen@acme.example',
      chart: 'line',
      by: 'name',
    });
    await page.reload();
    await expect.poll(() => names.allTextContents()).toEqual(found);
    expect(await page.getByRole('combobox', { name: 'Owner' }).inputValue()).toBe(
      'chen@acme.example',
    );
  });

  test('says how far reports are read where many are new, in the list and among the commands, and goes on by itself', async () => {
    const { page, open } = await openSignedIn('find-early@acme.example');
    let percent: number | undefined = 12;
    await page.route('**/api/acme/reports?*', (route) =>
      percent === undefined
        ? route.continue()
        : route.fulfill({
            status: 202,
            headers: { 'retry-after': '1' },
            contentType: 'application/hal+json',
            json: { percent_read: percent, _links: { self: { href: '/api/acme/reports' } } },
          }),
    );
    await open('/acme');
    const main = page.getByRole('main');
    await main.getByText('12 % so far').waitFor();
    percent = 57;
    await main.getByText('57 % so far').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('mauna');
    await page.getByRole('dialog').getByText('57 % so far').waitFor();
    percent = undefined;
    await page.getByRole('option', { name: 'Carbon dioxide at Mauna Loa' }).waitFor();
    await expect.poll(() => page.getByText('so far').count()).toBe(0);
    await page.keyboard.press('Escape');
    await main.getByRole('link', { name: 'Carbon dioxide at Mauna Loa' }).waitFor();
  });

  test('says so where there is none', async () => {
    const { page, open } = await openSignedIn('find-nothing@acme.example');
    await open('/acme?q=xyzzy');
    await page.getByText('No report is like this').waitFor();
    await page.getByText('0 reports', { exact: true }).waitFor();
  });
});

test('a member who is no admin sees neither the pages of admins nor what lies in personal spaces', async () => {
  const { page, open } = await openSignedIn('nobody-special@acme.example', {
    role: 'member',
    refusals: [403],
  });
  await open('/acme?q=weather');
  await page.getByRole('link', { name: 'Weather, month by month' }).waitFor();
  await open('/acme?q=scratch');
  await page.getByText('No report is like this').waitFor();
  expect(await page.getByText('Scratch').count()).toBe(0);
  await open('/acme/settings');
  await page.getByRole('link', { name: 'Access tokens' }).click();
  await page.getByRole('heading', { name: 'API tokens' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Signature tokens' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
  await open('/acme/settings/members');
  await page.getByRole('cell', { name: 'ana@acme.example' }).waitFor();
  expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
  await open('/acme/settings/audit');
  await page.getByRole('alert').getByText('Only an admin').waitFor();
  await open('/acme/data');
  await page.getByRole('heading', { name: 'Public data' }).waitFor();
  expect(await page.getByRole('button', { name: 'Test the connection' }).count()).toBe(0);
});
