import { describe, expect } from 'vitest';
import { openStoreAsItIs } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findOrganization } from '../../src/organizations/organization-store.ts';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openOrganization, openSignedIn, webDemo } from '../support/open-web.ts';
import { fromOwnPage } from '../support/pages.ts';
import { putRows, reportRow } from '../support/rows.ts';

const test = testWith('chromium');

test('a schedule whose owner was removed is stopped, says so everywhere, and is taken over', async () => {
  const owner = await openSignedIn('leaver@acme.example', { role: 'member' });
  const report = await makeReport('Of somebody who leaves');
  const answer = await owner.context.request.post(`/api/acme/reports/${report}/schedules`, {
    headers: fromOwnPage,
    data: { report_schedule: { cron: { freq: 'monthly', day_of_month: 1 } } },
  });
  expect(answer.status()).toBe(201);
  const session = await (await owner.context.request.get('/api/session')).json();

  const { page, context, open } = await openSignedIn('heir@acme.example');
  const membership = `/api/acme/memberships/${session.session.member.token}`;
  expect((await context.request.delete(membership, { headers: fromOwnPage })).status()).toBe(200);
  await open('/acme/roll-call');
  await page.getByText(/stopped because/).waitFor();
  await page.getByRole('link', { name: 'Show schedules' }).click();
  const said = 'The owner, leaver@acme.example, was removed.';
  const row = page.getByRole('row').filter({ hasText: 'Of somebody who leaves' });
  await row.getByText(said).waitFor();
  expect(await row.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  await open(`/acme/reports/${report}`);
  await page.getByText('1 schedule of this report is stopped').waitFor();
  await page.getByRole('button', { name: 'Show schedules' }).click();
  await page.getByText(said).waitFor();
  await page.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('Schedule taken over').waitFor();
  await expect.poll(() => page.getByText(said).count()).toBe(0);
  expect(await page.getByText('is stopped').count()).toBe(0);
  await open('/acme/schedules');
  await row.getByText('heir@acme.example').waitFor();
  await row.getByRole('button', { name: 'Pause' }).waitFor();
});

describe('looking after the inventory', () => {
  test('the roll call lists who does not answer; what is archived can come back', async () => {
    const { page, open } = await openSignedIn('sergeant@acme.example');
    await makeReport('Never asked for');
    await open('/acme/roll-call?list=failing');
    await page.getByText(/^\d+ of \d+ reports answer/).waitFor();
    const table = page.getByRole('table');
    await table.getByRole('link', { name: 'Refunds by region (fails on purpose)' }).waitFor();

    await open('/acme/roll-call?list=never_ran');
    const row = table.getByRole('row').filter({ hasText: 'Never asked for' });
    await row.getByRole('checkbox').check();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByText('1 report changed').waitFor();
    await expect.poll(() => row.count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
  });

  test('what stops a large change half way is said, and what was done until then can be taken back', async () => {
    const place = await openOrganization('crowd', { name: 'Crowd', admin: 'crowd@crowd.example' });
    await putReports('crowd', 501);
    const { page, open } = await openSignedIn('drover@crowd.example', { place, refusals: [500] });
    await open('/crowd/roll-call?list=never_ran');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'Select all 501' }).click();
    let sent = 0;
    await page.route('**/reports/bulk', (route) =>
      ++sent === 2
        ? route.fulfill({ status: 500, json: { id: 'internal_error', message: 'It broke.' } })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByText('500 reports changed. Stopped with 1 report left: It broke.').waitFor();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Changes undone').waitFor();
    const { pagination } = await place.api.get<{ pagination: { total_count: number } }>(
      '/api/crowd/reports',
    );
    expect(pagination.total_count).toBe(501);
  });

  test('every place is reached by a command', async () => {
    const { page, open } = await openSignedIn('commander@acme.example');
    await open('/acme');
    for (const [typed, heading] of [
      ['roll', 'Roll call'],
      ['schedules', 'Schedules'],
      ['data', 'Data sources'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type(typed);
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Search or jump to…').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // The focus is where it was, for whoever goes on by keys.
    const search = page.getByRole('searchbox').first();
    await open('/acme');
    await search.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search reports, pages/ }).waitFor();
    await page.keyboard.press('Escape');
    const focused = page.locator(':focus');
    await expect.poll(() => search.and(focused).count()).toBe(1);
  });

  test('of many spaces the rail has some and finds the others', async () => {
    const place = await openOrganization('many', { name: 'Many', admin: 'many@many.example' });
    for (let number = 1; number <= 40; number++) {
      await place.api.send('POST', '/api/many/spaces', { space: { name: `Space ${number}` } });
    }
    const { page, open } = await openSignedIn('finder@many.example', { place });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/spaces?')) asked.push(request.url());
    });
    await open('/many');
    const links = page.getByRole('region', { name: 'Spaces' }).getByRole('link');
    await expect.poll(() => links.count()).toBe(30);
    expect(asked).toHaveLength(1);
    await page.getByPlaceholder('Search 40 spaces').fill('space 37');
    await expect.poll(() => links.allTextContents()).toEqual(['Space 37 ']);
    await links.click();
    await page.getByRole('heading', { name: 'Space 37' }).waitFor();
    await page.getByText('Space: Space 37', { exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search reports, pages/ }).fill('space 39');
    await page.getByRole('option', { name: 'Space 39' }).click();
    await page.getByRole('heading', { name: 'Space 39' }).waitFor();
  });

  test('a space is made, changed and, being empty, deleted', async () => {
    const { page, open } = await openSignedIn('gardener@acme.example');
    await open('/acme');
    await page.getByRole('button', { name: 'New space' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Greenhouse');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Greenhouse' }).waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Orangery');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orangery' }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
  });
});

/** Puts reports that never ran into a space of an organization of the demo's server. */
async function putReports(username: string, count: number): Promise<void> {
  const store = openStoreAsItIs(webDemo());
  const organization = await findOrganization(store, username);
  if (organization === undefined) throw new Error(`There is no ${username}.`);
  const space = { id: 1, token: 'field', name: 'Field', space_type: 'custom' };
  const [parent = 0] = await putRows(store, organization, lists.spaces, [space]);
  const rows = Array.from({ length: count }, (_, index) =>
    reportRow(index + 1, { space_token: 'field', space_id: 1 }),
  );
  await putRows(store, organization, lists.reports, rows, { parent });
  await store.close();
}
