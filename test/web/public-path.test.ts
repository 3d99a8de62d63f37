import { expect } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import { freePort } from '../support/free-port.ts';
import { testWith } from '../support/machine-tools.ts';
import { invite, openWeb, signInForData, webDemo } from '../support/open-web.ts';
import { PASSWORD } from '../support/pages.ts';
import { openPathProxy, type PathPolicy } from '../support/path-proxy.ts';
import { rounds } from '../support/rounds.ts';
import { startRollcall } from '../support/run-rollcall.ts';

const test = testWith('chromium');
type Spaces = { _embedded: { spaces: { token: string }[] } };

const PATH = '/tools/rollcall';

/** The demo's store, served once more by a server behind a proxy that has it below a path. */
async function openBehind(policy: PathPolicy) {
  const { dataDir, apiToken } = webDemo();
  const proxy = await openPathProxy(policy);
  const url = proxy.origin + PATH;
  const port = String(await freePort());
  const env = { ROLLCALL_PUBLIC_URL: url, ROLLCALL_RUNS_AT_ONCE: '0', ROLLCALL_PORT: port };
  await startRollcall(['serve'], { dataDir, env, until: /listens on/ });
  const direct = `http://127.0.0.1:${port}`;
  proxy.hand(PATH, direct);
  return { url, direct, api: new RestClient({ url, apiToken }) };
}

/** For the browser there is no difference; for the server there is, see test/http/public-path.test.ts. */
const policies: PathPolicy[] = ['takes its path off', 'leaves its path on'];

test.each(policies.slice(0, rounds({ usual: 1, full: 2 })))(
  'below the path of a proxy that %s, the pages work as they do anywhere',
  async (policy) => {
    const { url, direct, api } = await openBehind(policy);
    const { page, context, open } = await openWeb({ url, refusals: [401] });
    const pathname = () => new URL(page.url()).pathname;

    await open(url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(pathname()).toBe(`${PATH}/sign-in`);

    const email = `below-${policy.split(' ')[0]}@acme.example`;
    const link = await invite(email, 'admin', { organization: 'acme', api });
    expect(link.startsWith(`${url}/sign-in#`)).toBe(true);
    await page.goto('about:blank'); // from the same page, nothing would be loaded
    await open(link);
    await page.getByLabel('Password (optional)').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
    expect(pathname()).toBe(`${PATH}/acme`);

    await page.getByRole('searchbox').fill('weather');
    await page.getByRole('link', { name: 'Weather, month by month' }).click();
    await page.getByRole('heading', { name: 'Weather, month by month' }).waitFor();
    expect(pathname()).toMatch(new RegExp(`^${PATH}/acme/reports/[0-9a-f]{12}$`));
    const report = page.url();
    await open(report);
    await page.getByRole('heading', { name: 'Weather, month by month' }).waitFor();
    await page.locator('canvas, svg[role="img"], [data-chart]').first().waitFor();
    const files = await page
      .locator('a[download]')
      .evaluateAll((links) => links.map((one) => one.getAttribute('href') ?? ''));
    for (const file of files) {
      expect(file.startsWith(`${url}/api/acme/`)).toBe(true);
      expect((await context.request.get(file)).status()).toBe(200);
    }

    // An address as other tools keep it.
    const { _embedded } = await api.get<Spaces>('/api/acme/spaces');
    const token = _embedded.spaces[0]?.token;
    await open(`${url}/acme/collections/${token}`);
    await expect.poll(pathname).toBe(`${PATH}/acme`);
    expect(new URL(page.url()).searchParams.get('space')).toBe(token);

    await page.getByRole('link', { name: 'Roll call' }).click();
    await page.getByRole('heading', { name: 'Roll call', level: 1 }).waitFor();
    const csv = page.locator(`a[download][href^="${url}/api/acme/roll_call"]`).first();
    expect((await context.request.get(String(await csv.getAttribute('href')))).status()).toBe(200);

    await page.getByRole('button', { name: 'Your account' }).click();
    const docs = page.getByRole('menuitem', { name: 'API reference' });
    expect(await docs.getAttribute('href')).toBe(`${url}/docs`);

    // Whoever has to sign in again comes back to where they were.
    await open(`${url}/acme`);
    await context.clearCookies();
    await signInForData(page, email);
    expect(pathname()).toBe(`${PATH}/acme/data`);

    await open(`${url}/docs`);
    await page.getByText('Health and API description of the server.').waitFor();

    // Whoever comes past the proxy is led to where the links fit.
    await open(`${direct}/acme`);
    await expect.poll(pathname).toMatch(new RegExp(`^${PATH}/`));
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
  },
);
