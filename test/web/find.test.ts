import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { findReport, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

const searchOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

/** Chooses a filter by keys alone: each word narrows a list whose first option is taken. */
async function filter(page: Page, words: readonly string[], chip: string): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).press('Enter');
  await page.getByRole('dialog').waitFor();
  for (const word of words) {
    await page.keyboard.type(word);
    const found = page
      .getByRole('option')
      .filter({ hasText: new RegExp(word.split(' ').at(-1) ?? '', 'i') });
    await found.first().waitFor();
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: `Change filter: ${chip}` }).waitFor();
  await page
    .locator(':focus')
    .and(page.getByRole('button', { name: 'Filter' }))
    .waitFor();
}

/** Room for the reports of the demo below those that other tests make meanwhile. */
const tall = { width: 1024, height: 6_000 };

describe('finding a report', () => {
  test('by keyboard alone: search, choose, open, and back', async () => {
    const { page, open } = await openSignedIn('find-by-keys@acme.example');
    await open('/acme');
    await page.keyboard.press('/');
    await page.keyboard.type('million hawaii');
    await page.getByText('1 report', { exact: true }).waitFor();
    await expect.poll(() => searchOf(page.url())).toEqual({ q: 'million hawaii' });
    await page.keyboard.press('ArrowDown');
    const focused = page.locator(':focus');
    await focused.and(page.getByRole('link', { name: 'Carbon dioxide at Mauna Loa' })).waitFor();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { name: 'Carbon dioxide at Mauna Loa' });
    await focused.and(heading).waitFor();
    await page.goBack();
    await page.getByText('1 report', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('million hawaii');
  });

  test('by filters and order, which the address keeps', async () => {
    const { page, open } = await openSignedIn('find-by-filters@acme.example');
    await open('/acme');
    await filter(page, ['last run fail'], 'Last run: Failed');
    await page.getByRole('link', { name: 'Refunds by region' }).waitFor();
    await page.getByText('1 report', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove filter: Last run: Failed' }).click();
    await filter(page, ['Owner', 'chen'], 'Owner: chen@acme.example');
    await filter(page, ['Space', 'clim'], 'Space: Climate');
    await filter(page, ['chart line'], 'Chart: Line');
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
    await page.getByRole('button', { name: 'Change filter: Owner: chen@acme.example' }).waitFor();
  });

  test('by what is the reader’s own: favorites, what was viewed last, what one owns', async () => {
    const { page, open } = await openSignedIn('find-own@acme.example', { viewport: tall });
    const names = page.getByRole('rowgroup').getByRole('link');
    await open(`/acme/reports/${await findReport('Birds on the runway')}`);
    await page.getByRole('button', { name: 'Favorite: Birds on the runway' }).click();
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('button', { name: 'Recently viewed' }).click();
    await expect.poll(() => names.allTextContents()).toEqual(['Birds on the runway']);
    const star = page.getByRole('button', { name: 'Favorite: When to leave' });
    await page.getByRole('button', { name: 'Recently viewed' }).click();
    await star.click();
    await page.getByRole('button', { name: 'Favorites', exact: true }).click();
    await expect.poll(() => names.allTextContents()).toHaveLength(2);
    await expect.poll(() => searchOf(page.url())).toEqual({ favorites: 'true' });
    await star.click();
    await expect.poll(() => names.allTextContents()).toEqual(['Birds on the runway']);
    await page.keyboard.press('z');
    await expect.poll(() => names.allTextContents()).toHaveLength(2);
    await page.getByRole('button', { name: 'Owned by me' }).click();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await expect.poll(() => searchOf(page.url())).toEqual({});
  });

  test('says how far reports are read where many are new, in the list and among the commands, and goes on by itself', async () => {
    const { page, open } = await openSignedIn('find-early@acme.example', { viewport: tall });
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
    await main.getByText('12% done').waitFor();
    percent = 57;
    await main.getByText('57% done').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('mauna');
    await page.getByRole('dialog').getByText('57% done').waitFor();
    percent = undefined;
    await page.getByRole('option', { name: 'Carbon dioxide at Mauna Loa' }).waitFor();
    await expect.poll(() => page.getByText('Indexing new reports').count()).toBe(0);
    await page.keyboard.press('Escape');
    await main.getByRole('link', { name: 'Carbon dioxide at Mauna Loa' }).waitFor();
  });

  test('says so where there is none', async () => {
    const { page, open } = await openSignedIn('find-nothing@acme.example');
    await open('/acme?q=xyzzy');
    await page.getByText('No reports match').waitFor();
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
  await page.getByText('No reports match').waitFor();
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
  expect(await page.getByRole('button', { name: 'Test connection' }).count()).toBe(0);
});
