import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { basicOf, RestClient } from '../../src/client/index.ts';
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

/** The token of the demo's report of this name. */
export async function findReport(name: string): Promise<string> {
  type Reports = { _embedded: { reports: { name: string; token: string }[] } };
  const list = await adminApi().get<Reports>('/api/acme/reports', { query: { filter: name } });
  const found = list._embedded.reports.find((report) => report.name === name);
  if (found === undefined) throw new Error(`The demo has no report ${name}.`);
  return found.token;
}

/** What the Discovery API lists, as catalogs read it. */
export async function listAsCatalog(path: string): Promise<Response> {
  const { url, apiToken } = webDemo();
  return fetch(`${url}/batch/acme${path}`, { headers: { authorization: basicOf(apiToken) } });
}
