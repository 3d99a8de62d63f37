import type { Locator } from 'playwright-core';
import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { openOrganization, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

type Made = { token: string };

/** An organization of its own with a shared space. */
async function openFinance(username: string) {
  const place = await openOrganization(username, {
    name: 'Finance Inc',
    admin: `boss@${username}.example`,
  });
  const { token: space } = await place.api.send<Made>('POST', `/api/${username}/spaces`, {
    space: { name: 'Board' },
  });
  return { place, space };
}

const hasFocus = async (at: Locator) =>
  (await at.count()) === 1 && (await at.and(at.page().locator(':focus')).count()) === 1;

describe('a report that nobody else could be shown', () => {
  test('is renamed, shared by moving it, and opened by its link', async () => {
    const { place } = await openFinance('sharers');
    const { page, open } = await openSignedIn('ana@sharers.example', { role: 'member', place });
    await open('/sharers');
    await page.getByRole('button', { name: 'New report' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Cash');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Cash' }).waitFor();
    const more = page.getByRole('button', { name: 'More actions' });
    await more.click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('Not this');
    await page.keyboard.press('Escape');
    await expect.poll(() => hasFocus(more)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    expect(await name.inputValue()).toBe('Cash');
    await name.fill('Cash by day');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Cash by day' }).waitFor();

    const dialog = page.getByRole('dialog');
    await more.click();
    await page.getByRole('menuitem', { name: 'Move' }).click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => hasFocus(more)).toBe(true);
    const share = page.getByRole('button', { name: 'Share', exact: true });
    await share.click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => hasFocus(share)).toBe(true);
    await share.click();
    await dialog.getByText('Only you and admins can see this report.').waitFor();
    await dialog.getByRole('combobox', { name: 'Space' }).fill('Board');
    await page.getByRole('option', { name: 'Board' }).click();
    await dialog.getByRole('button', { name: 'Move and copy link' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const other = await openSignedIn('bo@sharers.example', { role: 'member', place });
    await other.open(new URL(page.url()).pathname);
    await other.page.getByRole('heading', { level: 1, name: 'Cash by day' }).waitFor();
    await other.page.getByRole('button', { name: 'Share', exact: true }).click();
    const seen = 'Everyone in Finance Inc can see this report. It is in Board.';
    await other.page.getByRole('dialog').getByText(seen).waitFor();
    await other.page.keyboard.press('Escape');
    // Who may not take it from others is not offered to.
    await other.page.getByRole('button', { name: 'More actions' }).click();
    const items = other.page.getByRole('menuitem');
    await expect.poll(() => items.allTextContents()).toEqual(['Rename', 'Move…', 'Duplicate']);
    await other.page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await other.page.getByRole('heading', { level: 1, name: 'Copy of Cash by day' }).waitFor();
  });

  test('is deleted and comes back, alone or with others', async () => {
    const { place, space } = await openFinance('deleters');
    const made: string[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      const path = `/api/deleters/spaces/${space}/reports`;
      made.push((await place.api.send<Made>('POST', path, { report: { name } })).token);
    }
    // The page may learn that its report is deleted before it is left.
    const refusals = [404];
    const { page, open } = await openSignedIn('chief@deleters.example', { place, refusals });
    const link = (name: string) => page.getByRole('main').getByRole('link', { name, exact: true });
    await open(`/deleters/reports/${made[0]}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await link('Two').waitFor();
    expect(await link('One').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await link('One').waitFor();
    await expect.poll(() => hasFocus(page.locator('#content'))).toBe(true);
    // The same from the editor, which shares the report and not itself.
    await open(`/deleters/reports/${made[2]}/edit`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const shared = await page.getByRole('dialog').locator('code').textContent();
    expect(new URL(String(shared)).pathname).toBe(`/deleters/reports/${made[2]}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await link('Two').waitFor();
    await open('/deleters?show=deleted');
    await page.getByRole('row').filter({ hasText: 'Three' }).getByRole('button').click();
    await page.getByText('No deleted reports.').waitFor();
    await open('/deleters');
    await link('Three').waitFor();
    for (const name of ['One', 'Two'])
      await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => link('Two').count()).toBe(0);
    await link('Three').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await link('Two').waitFor();
    await link('One').waitFor();
  });
});
