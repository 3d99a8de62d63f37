import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { type ApiToken, RestClient, RollcallClient, type Rows } from '../../src/client/index.ts';
import { openStoreAsItIs } from '../../src/database/open-store.ts';
import type { Role } from '../../src/members/member.ts';
import { FAR_TOO_LONG_MS } from './far-too-long.ts';
import { fromOwnPage, PASSWORD } from './pages.ts';
import { readRollcall } from './run-rollcall.ts';
import { waitFor } from './wait-for.ts';
import type { WebDemo } from './web-demo.ts';

/** Somebody at a browser of their own. */
export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** Opens an address of the demo and waits until it has what it asked for. */
  open(path: string): Promise<void>;
  /** Waits until the page has what it asked for. */
  settle(): Promise<void>;
};

/** The demo that all tests of the web pages share. */
export function webDemo(): WebDemo {
  const demo = inject('web');
  if (demo === undefined) throw new Error('There is no Chromium; see testWith.');
  return demo;
}

/**
 * A browser whose console has to stay free of errors and in which no dialog may open, for as long as the test goes on.
 *
 * @param url where the pages begin; the demo's own address by default.
 * @param refusals the answers that the test is about, which a browser reports as errors; none by default.
 */
export async function openWeb({
  url = webDemo().url,
  refusals = [] as number[],
  viewport = { width: 1024, height: 800 },
} = {}): Promise<Visitor> {
  const { browser: endpoint } = webDemo();
  const browser = await chromium.connect(endpoint);
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport,
  });
  context.setDefaultTimeout(FAR_TOO_LONG_MS);
  const faults: string[] = [];
  context.on('console', (message) => {
    const isRefusal = refusals.some((status) => message.text().includes(`status of ${status} `));
    if (message.type() === 'error' && !isRefusal)
      faults.push(`${message.text()} ${message.location().url}`);
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
  const settle = settling(page);
  const open = async (path: string) => {
    await page.goto(path);
    await settle();
  };
  return { page, context, open, settle };
}

/** So often in a row a page is seen to wait for no answer: what it has, it has drawn by then, and asked for what follows. */
const LOOKS = 3;
const LOOK_MS = 30;

/** Waits until the page has what it asked for, without the half second for which Playwright's "networkidle" looks on. */
function settling(page: Page): () => Promise<void> {
  const underWay = new Set<unknown>();
  // What tells a page of changes never ends.
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') underWay.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed'] as const)
    page.on(end as 'requestfinished', (request) => underWay.delete(request));
  const drawn = `new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, ${LOOK_MS})))`;
  return async () => {
    for (let quiet = 0; quiet < LOOKS; quiet = underWay.size === 0 ? quiet + 1 : 0)
      await page.evaluate(drawn);
  };
}

/** An organization on the server of the demo, as an admin of it sees it. */
export type Place = { organization: string; api: RestClient };

/** The demo's own. */
export function demoPlace(): Place {
  const { url, apiToken } = webDemo();
  return { organization: 'acme', api: new RestClient({ url, apiToken }) };
}

/** Runs a report and waits until that has succeeded. */
export async function runReport(
  report: string,
  { organization, api } = demoPlace(),
): Promise<void> {
  const runs = `/api/${organization}/reports/${report}/runs`;
  const { token } = await api.send<{ token: string }>('POST', runs);
  const state = async () => (await api.get<{ state: string }>(`${runs}/${token}`)).state;
  await expect.poll(state).toBe('succeeded');
}

/** A new organization beside the demo's, empty but for its admin; made as a server's keeper does. */
export async function openOrganization(
  organization: string,
  { name, admin }: { name: string; admin: string },
): Promise<Place> {
  const { url, dataDir } = webDemo();
  const here = { dataDir };
  await readRollcall(['organization', 'create', organization, '--name', name], here);
  const its = ['--organization', organization];
  await readRollcall(['member', 'add', ...its, '--email', admin, '--role', 'admin'], here);
  const apiToken = await readRollcall<ApiToken>(
    ['api-token', 'create', ...its, '--member', admin, '--name', 'tests'],
    here,
  );
  return { organization, api: new RestClient({ url, apiToken }) };
}

/** A browser in which somebody new is signed in. */
export async function openSignedIn(
  email: string,
  {
    role = 'admin',
    place = demoPlace(),
    ...options
  }: { role?: Role; place?: Place } & Parameters<typeof openWeb>[0] = {},
): Promise<Visitor> {
  const visitor = await openWeb(options);
  await signInByLink(visitor.context, await invite(email, role, place));
  return visitor;
}

/** Signs in as another tab of the browser would. */
export async function signInByLink(context: BrowserContext, link: string): Promise<void> {
  const answer = await context.request.post('/api/session/link', {
    headers: fromOwnPage,
    data: { link: new URL(link).hash.slice('#link='.length) },
  });
  expect(answer.status()).toBe(200);
}

/** Makes somebody a member; answers a link that signs them in. */
export async function invite(
  email: string,
  role: Role,
  { organization, api }: Place = demoPlace(),
): Promise<string> {
  const path = `/api/${organization}/invitations`;
  return (await api.send<{ link: string }>('POST', path, { invitation: { email, role } })).link;
}

/** Makes somebody a member of the demo who has signed in at an OpenID provider, though the demo has none. */
export async function linkMember(email: string, subject: string): Promise<void> {
  await invite(email, 'member');
  const store = openStoreAsItIs(webDemo());
  await store.run(
    `insert into oidc_identities (organization_id, issuer, subject, member_slot, created_at)
     select organization_id, 'https://sso.example.com', ?, slot, created_at from members where email = ?`,
    [subject, email],
  );
  await store.close();
}

/** The token of the demo's report of this name. */
export async function findReport(name: string): Promise<string> {
  type Found = { _embedded: { reports: { name: string; token: string }[] } };
  const list = await demoPlace().api.get<Found>('/api/acme/reports', { query: { q: name } });
  const found = list._embedded.reports.find((report) => report.name === name);
  if (found === undefined) throw new Error(`The demo has no report ${name}.`);
  return found.token;
}

/** A query of a report that a test makes. */
export type GivenQuery = { name: string; raw_query: string; charts?: object[] };

/** Makes a report of an admin, on the first data source and in the first space; answers its token. */
export async function makeReport(
  name: string,
  { description = null as string | null, queries = [] as GivenQuery[] } = {},
  { organization, api }: Place = demoPlace(),
): Promise<string> {
  type Made = { token: string };
  type List = { _embedded: { data_sources: Made[]; spaces: Made[] } };
  const root = `/api/${organization}`;
  const [source] = (await api.get<List>(`${root}/data_sources`))._embedded.data_sources;
  const [space] = (await api.get<List>(`${root}/spaces`))._embedded.spaces;
  const { token } = await api.send<Made>('POST', `${root}/reports`, {
    report: { name, description, space_token: space?.token },
  });
  for (const { charts = [], ...given } of queries) {
    const path = `${root}/reports/${token}/queries`;
    const query = await api.send<Made>('POST', path, {
      query: { ...given, data_source_token: source?.token },
    });
    for (const chart of charts) await api.send('POST', `${path}/${query.token}/charts`, { chart });
  }
  return token;
}

/** Gives a report of an admin a schedule that is due by now, and waits until the server has seen to it. */
export async function makeDueSchedule(report: string): Promise<void> {
  type Made = { token: string; last_scheduled_run: string | null; last_refused_run: string | null };
  const { api } = demoPlace();
  const path = `/api/acme/reports/${report}/schedules`;
  const given = { report_schedule: { cron: { freq: 'monthly', day_of_month: 1 } } };
  const { token } = await api.send<Made>('POST', path, given);
  const store = openStoreAsItIs(webDemo());
  const now = new Date().toISOString();
  await store.run('update schedules set next_at = ? where token = ?', [now, token]);
  await store.close();
  await waitFor(async () => {
    const { last_scheduled_run, last_refused_run } = await api.get<Made>(`${path}/${token}`);
    expect(last_scheduled_run ?? last_refused_run).not.toBeNull();
  });
}

/** The rows that the Discovery API lists of the demo, as catalogs read them. */
export async function rows<Name extends keyof Rows>(list: Name): Promise<Rows[Name][]> {
  const { url, bearer } = webDemo();
  const client = new RollcallClient({ url, organization: 'acme', bearer });
  const all: Rows[Name][] = [];
  for await (const page of client.pages(list)) all.push(...page.rows);
  return all;
}

/** Those of them that belong to a report. */
export async function listed<Name extends 'queries' | 'charts' | 'report_stats'>(
  list: Name,
  report: string,
): Promise<Rows[Name][]> {
  const all: (Rows[Name] & { report_token: string })[] = await rows(list);
  return all.filter(({ report_token }) => report_token === report);
}

/** Opens the data sources after the session has ended: signs in again, and is back where the link led. */
export async function signInForData(page: Page, email: string): Promise<void> {
  // By its address: the page may have noticed by itself that nobody is signed in.
  await page.goto(page.url().replace(/\/(acme|sign-in).*/, '/acme/data'));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe('/acme/data');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Public data' }).waitFor();
}
