import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { openSignedIn, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

test('the API reference shows the operations and calls them as the signed-in member, under a strict policy', async () => {
  const email = 'reads-reference@acme.example';
  // What violates the policy of the page is an error in the console, which fails the test.
  const { page, open } = await openSignedIn(email);
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:') hosts.add(host);
  });
  const call = async (tag: string, summary: string) => {
    await page.locator(`.opblock-tag[data-tag="${tag}"]`).click();
    const operation = page.locator('.opblock', { has: page.getByText(summary, { exact: true }) });
    await operation.getByRole('button').first().click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    return operation.locator('.live-responses-table .response');
  };

  await open('/docs');
  await expect.poll(() => page.locator('.opblock-tag').count()).toBeGreaterThan(10);
  await (await call('Members', 'Get the current member')).getByText(email).waitFor();
  // What changes something has to come from a page of the server.
  await (await call('Session', 'Sign out')).getByText('200', { exact: true }).waitFor();
  expect([...hosts]).toEqual([new URL(webDemo().url).host]);
});
