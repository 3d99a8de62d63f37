import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { invite, openSignedIn, openWeb, signInByLink, signInForData } from '../support/open-web.ts';
import { PASSWORD } from '../support/pages.ts';

const test = testWith('chromium');

describe('signing in', () => {
  test('by a link, once, with a password for the next time', async () => {
    const { page, open } = await openWeb({ refusals: [401] });
    const email = 'dora@acme.example';
    const link = await invite(email, 'member');

    await open(link);
    await page.getByLabel('Password (optional)').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/acme');

    // Opened again, it leads on without another password.
    await open('/acme/settings');
    await open(link);
    await page.getByText(`You are signed in as ${email}`).waitFor();
    await page.getByRole('link', { name: /^Continue to / }).click();
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await open('/acme/schedules');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('not the one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Schedules' }).waitFor();

    await page.context().clearCookies();
    await open(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/link/i);
  });

  test('leads back to where one was when the session ended', async () => {
    const { page, context, open, settle } = await openWeb({ refusals: [401] });
    const email = 'emil@acme.example';
    await open(await invite(email, 'member'));
    await page.getByLabel('Password (optional)').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();

    await settle();
    await context.clearCookies();
    await signInForData(page, email);
  });

  test('in another tab, again or as somebody else, is noticed by those that come to the front', async () => {
    const { page, context, open } = await openSignedIn('first@acme.example', {
      refusals: [401, 503],
    });
    const comeToFront = () => page.evaluate("dispatchEvent(new Event('visibilitychange'))");
    const account = (email: string) => page.getByRole('button', { name: email }).waitFor();
    await open('/acme/settings');
    await account('first@acme.example');
    // A server that does not answer costs no page.
    await context.route('**/api/session', (route) => route.fulfill({ status: 503 }));
    const asked = page.waitForResponse('**/api/session');
    await comeToFront();
    await asked;
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await context.unroute('**/api/session');

    await signInByLink(context, await invite('second@acme.example', 'member'));
    await comeToFront();
    await account('second@acme.example');
    await context.clearCookies();
    await comeToFront();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signInByLink(context, await invite('third@acme.example', 'member'));
    await comeToFront();
    await account('third@acme.example');
    expect(new URL(page.url()).pathname).toBe('/acme/settings');
  });

  test('at a provider that came to nothing says what to ask an admin', async () => {
    const { page, open } = await openWeb();
    for (const [error, words] of [
      ['oidc_failed', 'Try again'],
      ['email_missing', 'send your address'],
      ['email_unverified', 'ROLLCALL_OIDC_EMAIL_VERIFIED'],
      ['domain_refused', 'ROLLCALL_OIDC_DOMAINS'],
      ['not_a_member', 'unlink it'],
      ['several_organizations', 'Enter the organization'],
    ]) {
      await open(`/sign-in?error=${error}`);
      await expect.poll(() => page.getByRole('alert').textContent()).toContain(words);
    }
  });

  test('leads to pages of our own only', async () => {
    for (const [index, next] of [
      'https://example.org/',
      '//example.org/',
      '/\\example.org/',
      'javascript:alert(1)',
    ].entries()) {
      const { page, open } = await openWeb();
      const link = await invite(`led-astray-${index}@acme.example`, 'member');
      await open(link.replace('#', `?next=${encodeURIComponent(next)}#`));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/acme');
    }
  });
});
