import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { invite, linkMember, openSignedIn, openWeb, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

describe('administering', () => {
  test('members: a link for somebody new, another role, and the end', async () => {
    const { page, open } = await openSignedIn('host@acme.example');
    await open('/acme/settings/members');
    await page.getByRole('button', { name: 'Invite member' }).click();
    await page.getByRole('dialog').getByLabel('Email').fill('guest@acme.example');
    await page.getByRole('dialog').getByRole('button', { name: 'Invite member' }).click();
    const link = await page.getByRole('dialog').getByText('/sign-in#link=').textContent();
    await page.getByRole('button', { name: 'Close' }).click();

    const guest = await openWeb({ refusals: [401] });
    await guest.open(String(link));
    await guest.page.getByRole('button', { name: 'Sign in' }).click();
    await guest.page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();

    await page.getByLabel('Role of guest@acme.example').selectOption('Admin');
    await page.getByText('Saved').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'guest@acme.example' });
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Member removed').waitFor();
    await guest.page.reload();
    await guest.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('members: who leaves while the list is read shifts nobody to a neighbour’s address', async () => {
    await invite('newest@acme.example', 'member');
    const { page, context, open } = await openSignedIn('landlord@acme.example');
    type Lite = { _embedded: { memberships: { email: string; member_token: string }[] } };
    let left: Lite['_embedded']['memberships'] = [];
    await page.route('**/memberships/lite', async (route) => {
      const response = await route.fetch();
      const answer: Lite = await response.json();
      left = answer._embedded.memberships.splice(0, 1);
      await route.fulfill({ response, json: answer });
    });
    await open('/acme/settings/members');
    expect(left).toHaveLength(1);
    await page.getByLabel('Role of newest@acme.example').selectOption('Admin');
    await page.getByText('Saved').waitFor();
    const read = async (path: string) => (await context.request.get(`/api/acme/${path}`)).json();
    const lite: (Lite['_embedded']['memberships'][number] & { admin: boolean })[] = (
      await read('memberships/lite')
    )._embedded.memberships;
    expect(lite.find(({ email }) => email === 'newest@acme.example')?.admin).toBe(true);
  });

  test('members: one who is linked to a company account is unlinked', async () => {
    const { page, open } = await openSignedIn('warden@acme.example');
    await linkMember('linked@acme.example', 'subject-of-linked');
    await open('/acme/settings/members');
    const row = page.getByRole('row').filter({ hasText: 'linked@acme.example' });
    const other = page.getByRole('row').filter({ hasText: 'warden@acme.example' });
    await row.getByRole('button', { name: 'Unlink company account' }).click();
    expect(await other.getByRole('button', { name: 'Unlink company account' }).count()).toBe(0);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('signed out everywhere').waitFor();
    await dialog.getByRole('button', { name: 'Unlink company account' }).click();
    await page.getByText('Company account unlinked').waitFor();
    await expect
      .poll(() => row.getByRole('button', { name: 'Unlink company account' }).count())
      .toBe(0);
    await open('/acme/settings/audit');
    await page
      .getByRole('cell', { name: 'Member unlinked from a company account' })
      .first()
      .waitFor();
  });

  test('who could not be signed out is told so', async () => {
    const { page, open } = await openSignedIn('stayer@acme.example', { refusals: [500] });
    await open('/acme');
    const error = { id: 'internal_error', message: 'Something went wrong.' };
    await page.route('**/api/session', (route) =>
      route.request().method() === 'DELETE'
        ? route.fulfill({ status: 500, json: error })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'stayer@acme.example' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('Something went wrong.').waitFor();
    await page.unroute('**/api/session');
    await page.getByRole('button', { name: 'stayer@acme.example' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('over plain HTTP there is no clipboard: what is to be copied is selected', async () => {
    const { page, open } = await openSignedIn('copier@acme.example');
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await open('/acme/settings/members');
    await page.getByRole('button', { name: 'Invite member' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email').fill('copied@acme.example');
    await dialog.getByRole('button', { name: 'Invite member' }).click();
    const link = await dialog.getByText('/sign-in#link=').textContent();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('The text is selected').waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe(link);
  });

  test('tokens: the secret is shown once, works, and is revoked', async () => {
    const { page, open } = await openSignedIn('keeper@acme.example');
    await open('/acme/settings/tokens');
    const section = page.locator('section').filter({ hasText: 'Signature tokens' });
    await section.getByRole('button', { name: 'Create token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Catalog of the tests');
    await dialog.getByLabel('Expires').selectOption('Custom date');
    await dialog.getByLabel('Last day').fill('2098-12-31');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('Copy the secret now').waitFor();
    const header = await dialog.getByText(/^Authorization: /).textContent();
    const authorization = String(header).replace('Authorization: ', '');
    const list = () => fetch(`${webDemo().url}/batch/acme/reports`, { headers: { authorization } });
    expect((await list()).status).toBe(200);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.content()).not.toContain(authorization);

    const row = page.getByRole('row').filter({ hasText: 'Catalog of the tests' });
    // The last day ends at midnight in Berlin, where the reader is.
    expect(await row.locator('time').last().getAttribute('datetime')).toBe(
      '2098-12-31T23:00:00.000Z',
    );
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Token revoked').waitFor();
    await expect.poll(async () => (await list()).status).toBe(401);
  });

  test('data sources: one is connected, tried, changed and deleted', async () => {
    const { page, open } = await openSignedIn('plumber@acme.example');
    await open('/acme/data');
    await page.getByRole('button', { name: 'Add data source' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type').selectOption('SQLite file');
    await dialog.getByLabel('Name').fill('Nowhere');
    await dialog.getByLabel('File').fill('nothing-there.db');
    await dialog.getByRole('button', { name: 'Add data source' }).click();
    await page.getByText('“Nowhere” saved, but the connection failed').waitFor();

    const source = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await source('Nowhere').getByText('Connection failed').waitFor();
    expect(await source('Nowhere').getByRole('alert').textContent()).toContain('nothing-there.db');
    await source('Public data').getByRole('button', { name: 'Test connection' }).click();
    await source('Public data').getByText('Connected').waitFor();
    await source('Public data').getByText('Tables', { exact: true }).click();
    await source('Public data').getByText('weather', { exact: true }).first().click();
    await source('Public data')
      .getByText(/^weather\.csv/)
      .waitFor();
    await source('Public data').getByRole('rowheader', { name: 'temp_max' }).waitFor();

    await source('Nowhere').getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Name').fill('Elsewhere');
    await dialog.getByLabel('File').fill('not-there-either.db');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Elsewhere” saved, but the connection failed').waitFor();
    const failure = await source('Elsewhere').getByRole('alert').textContent();
    expect(failure).toContain('not-there-either.db');
    await source('Elsewhere').getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Data source deleted').waitFor();
    await expect.poll(() => source('Elsewhere').count()).toBe(0);

    await open('/acme/settings/audit');
    await page.getByLabel('Member', { exact: true }).fill('plumber@acme.example');
    await page.getByLabel('Action').selectOption('Data source deleted');
    const entries = page.getByRole('table').getByRole('row');
    await expect.poll(() => entries.count()).toBe(2);
    await entries.last().getByText('Elsewhere').waitFor();
    await page.getByLabel('To', { exact: true }).fill('2001-01-01');
    await page.getByText('No entries match').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await expect.poll(() => entries.count()).toBeGreaterThan(2);
  });
});
