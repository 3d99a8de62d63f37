import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import type { Role } from '../../src/members/member.ts';
import { fromOwnPage } from './pages.ts';
import type { WebDemo } from './web-demo.ts';

/** Somebody at a browser of their own. */
export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** Opens an address of the demo and waits until it has what it asked for. */
  open(path: string): Promise<void>;
};

/** The demo that all tests of the web pages share. */
export function webDemo(): WebDemo {
  const demo = inject('web');
  if (demo === undefined) throw new Error('There is no Chromium; see testWith.');
  return demo;
}

/** The REST API as the demo's admin. */
export function adminApi(): RestClient {
  const { url, apiToken } = webDemo();
  return new RestClient({ url, apiToken });
}

/**
 * A browser whose console has to stay free of errors and in which no dialog may open, for as long as the test goes on.
 *
 * @param refusals the answers that the test is about, which a browser reports as errors; none by default.
 */
export async function openWeb({ refusals = [] as number[], ...options } = {}): Promise<Visitor> {
  const { url, browser: endpoint } = webDemo();
  const browser = await chromium.connect(endpoint);
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1024, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const faults: string[] = [];
  context.on('console', (message) => {
    const isRefusal = refusals.some((status) => message.text().includes(`status of ${status} `));
    if (message.type() === 'error' && !isRefusal) faults.push(message.text());
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('dialog', (dialog) => {
    faults.push(`A dialog opened: ${dialog.message()}`);
    return dialog.dismiss();
  });
  onTestFinished(async () => {
    await context.close();
    await browser.close();
    expect(faults).toEqual([]);
  });
  const page = await context.newPage();
  const open = async (path: string) => {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
  };
  return { page, context, open };
}

/** A browser in which somebody new is signed in. */
export async function openSignedIn(
  email: string,
  { role = 'admin' as Role, ...options }: { role?: Role } & Parameters<typeof openWeb>[0] = {},
): Promise<Visitor> {
  const visitor = await openWeb(options);
  const { hash } = new URL(await invite(email, role));
  const answer = await visitor.context.request.post('/api/session/link', {
    headers: fromOwnPage,
    data: { link: hash.slice('#link='.length) },
  });
  expect(answer.status()).toBe(200);
  return visitor;
}

/** Makes somebody a member of the demo's organization; answers a link that signs them in. */
export async function invite(email: string, role: Role): Promise<string> {
  const body = { invitation: { email, role } };
  return (await adminApi().send<{ link: string }>('POST', '/api/acme/invitations', body)).link;
}

/** The token of the demo's report of this name, once it has run. */
export async function findReport(name: string): Promise<string> {
  type Found = { name: string; token: string; last_run_state: string | null };
  const find = async (): Promise<Found | undefined> => {
    const list = await adminApi().get<{ _embedded: { reports: Found[] } }>('/api/acme/reports', {
      query: { q: name },
    });
    return list._embedded.reports.find((report) => report.name === name);
  };
  await expect
    .poll(async () => (await find())?.last_run_state, { timeout: 60_000 })
    .toMatch(/^(succeeded|failed)$/);
  return (await find())?.token as string;
}

/** A query of a report that a test makes, on the data of the demo. */
export type GivenQuery = { name: string; raw_query: string; charts?: object[] };

/** Makes a report of the demo's admin in the space Climate; answers its token. */
export async function makeReport(
  name: string,
  { description = null as string | null, queries = [] as GivenQuery[] } = {},
): Promise<string> {
  const api = adminApi();
  type Named = { name: string; token: string };
  const { _embedded: sources } = await api.get<{ _embedded: { data_sources: Named[] } }>(
    '/api/acme/data_sources',
  );
  const { _embedded: spaces } = await api.get<{ _embedded: { spaces: Named[] } }>(
    '/api/acme/spaces',
  );
  const space = spaces.spaces.find((one) => one.name === 'Climate')?.token;
  const source = sources.data_sources.find((one) => one.name === 'Public data')?.token;
  const report = { name, description, space_token: space };
  const { token } = await api.send<Named>('POST', '/api/acme/reports', { report });
  for (const { charts = [], ...given } of queries) {
    const path = `/api/acme/reports/${token}/queries`;
    const query = await api.send<Named>('POST', path, {
      query: { ...given, data_source_token: source },
    });
    for (const chart of charts) await api.send('POST', `${path}/${query.token}/charts`, { chart });
  }
  return token;
}
