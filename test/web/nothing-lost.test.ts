import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { publish, wide } from '../support/editor-page.ts';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

const description = (page: Page) => page.getByLabel('Description');
const saved = (page: Page) => page.getByText('Saved just now', { exact: true }).waitFor();
const DRAFTS = '**/draft';

async function openEditor(email: string, refusals: number[] = []) {
  const report = await makeReport('Nothing lost', {
    queries: [{ name: 'One', raw_query: 'select 1 as one' }],
  });
  const visitor = await openSignedIn(email, { ...wide, refusals });
  const path = `/acme/reports/${report}/edit`;
  await visitor.open(path);
  await description(visitor.page).waitFor();
  return { ...visitor, path, report };
}

describe('what was written', () => {
  test('in two tabs of one person is not overwritten by the other, and goes on from either', async () => {
    const { page, context, path } = await openEditor('twice@acme.example', [412]);
    const second = await context.newPage();
    await second.goto(new URL(path, page.url()).href);
    await description(second).waitFor();
    await description(page).fill('Words of the first tab');
    await saved(page);
    await description(second).fill('Words of the second tab');
    await second.getByText('You edited this report in another tab or browser').waitFor();
    await second.getByRole('button', { name: 'Keep this draft' }).click();
    await saved(second);
    await description(page).fill('Words of the first tab, again');
    await page.getByText('You edited this report in another tab or browser').waitFor();
    await page.getByRole('button', { name: 'Switch to the other draft' }).click();
    await expect.poll(() => description(page).inputValue()).toBe('Words of the second tab');
    await description(page).fill('Words of both');
    await publish(page);
    await page.getByText('Words of both').waitFor();
  });

  test('in another tab is what goes on being kept once somebody has switched to it', async () => {
    const { page, context, path } = await openEditor('switched@acme.example', [412]);
    const second = await context.newPage();
    await second.clock.install();
    await second.goto(new URL(path, page.url()).href);
    await description(second).waitFor();
    await description(page).fill('Words of the first tab');
    await saved(page);
    await description(second).fill('Words of the second tab');
    await second.getByRole('button', { name: 'Switch to the other draft' }).click();
    await expect.poll(() => description(second).inputValue()).toBe('Words of the first tab');
    // By then, what could not be saved would have been tried again.
    await second.clock.fastForward(10_000);
    await second.waitForTimeout(100);
    await second.reload();
    await expect.poll(() => description(second).inputValue()).toBe('Words of the first tab');
  });

  test('while the session ended is there after the sign-in', async () => {
    const { page, context, path } = await openEditor('ended@acme.example', [401]);
    const cookies = await context.cookies();
    // What the page asks by itself waits: it would find the session ended before anything is typed.
    const typed = Promise.withResolvers<void>();
    await context.route('**/api/**', (route) => typed.promise.then(() => route.continue()));
    await context.clearCookies();
    await description(page).fill('Typed without a session');
    typed.resolve();
    await context.unrouteAll({ behavior: 'wait' });
    await page.getByRole('heading', { level: 1, name: /sign in/i }).waitFor();
    await context.addCookies(cookies);
    await page.goto(new URL(path, page.url()).href);
    await expect.poll(() => description(page).inputValue()).toBe('Typed without a session');
    await saved(page);
    await page.reload();
    await expect.poll(() => description(page).inputValue()).toBe('Typed without a session');
  });

  test('before the browser crashed, or without a network, is there when it comes back', async () => {
    const { page, context, path } = await openEditor('offline@acme.example', [503, 412]);
    await context.route(DRAFTS, (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 503, json: { id: 'unavailable', message: 'It is away.' } })
        : route.continue(),
    );
    const url = new URL(path, page.url()).href;
    await description(page).fill('Typed before the crash');
    await page
      .getByText(/not saved/i)
      .first()
      .waitFor();
    // Another tab that saves words of its own does not take these away.
    const other = await context.newPage();
    await other.goto(url);
    await description(other).waitFor();
    expect(await description(other).inputValue()).toBe('');
    await page.close({ runBeforeUnload: false });
    await context.unroute(DRAFTS);
    await description(other).fill('Typed in another tab');
    await saved(other);
    await other.close({ runBeforeUnload: false });
    const again = await context.newPage();
    await again.goto(url);
    await expect.poll(() => description(again).inputValue()).toBe('Typed before the crash');
    await again.getByRole('button', { name: 'Keep this draft' }).click();
    await saved(again);
  });
});

test('a page that was open while the server was upgraded loads what it lacks by itself', async () => {
  const { page, open } = await openSignedIn('upgraded@acme.example', { ...wide, refusals: [404] });
  await open('/acme');
  await page.getByRole('main').getByRole('link').first().waitFor();
  let isGone = true;
  await page.route('**/assets/schedules-page-*.js', (route) => {
    if (!isGone) return route.continue();
    isGone = false;
    return route.fulfill({ status: 404, body: '' });
  });
  await page.getByRole('link', { name: 'Schedules' }).click();
  await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
  expect(isGone).toBe(false);
});
