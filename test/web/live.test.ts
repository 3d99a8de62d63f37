import type { BrowserContext, Page, Request } from 'playwright-core';
import { describe, expect } from 'vitest';
import { wide } from '../support/editor-page.ts';
import { testWith } from '../support/machine-tools.ts';
import { demoPlace, makeReport, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

/** Counts the connections that a browser has opened to be told of changes, and those that it has now. */
function countListening(context: BrowserContext) {
  let opened = 0;
  const open = new Set<Request>();
  context.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') return;
    opened++;
    open.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed'] as const)
    context.on(end as 'requestfinished', (request) => open.delete(request));
  const isOpen = (request: Request) => !request.frame().page().isClosed();
  return { opened: () => opened, open: () => [...open].filter(isOpen).length };
}

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

// A browser opens six connections to a server at most, and each tab might take one to be told of changes.
describe('seven tabs of a browser', () => {
  test('show what others do at once, by one connection, whichever of them is closed', async () => {
    const report = await makeReport('Watched by seven', {
      queries: [{ name: 'One', raw_query: 'select 41 + 1 as answer' }],
    });
    const { page, context, open } = await openSignedIn('seven-tabs@acme.example', wide);
    const listening = countListening(context);
    const { api } = demoPlace();
    const path = `/api/acme/reports/${report}`;
    const rename = (name: string) => api.send('PATCH', path, { report: { name } });
    await open(`/acme/reports/${report}`);
    const address = new URL(`/acme/reports/${report}`, page.url()).href;
    const others = await Promise.all(Array.from({ length: 6 }, () => context.newPage()));
    for (const other of others) await other.goto(address);
    await Promise.all([page, ...others].map((tab) => heading(tab, 'Watched by seven')));
    await rename('Renamed by another');
    await Promise.all([page, ...others].map((tab) => heading(tab, 'Renamed by another')));
    // Whenever access changes in the organization, a connection ends, and there is another one.
    await expect.poll(listening.open).toBe(1);

    await page.close();
    await expect.poll(listening.open).toBe(1);
    await rename('Renamed again');
    await Promise.all(others.map((tab) => heading(tab, 'Renamed again')));
    await api.send('POST', `${path}/runs`, {});
    const [first] = others as [Page];
    await first.getByRole('cell', { name: '42', exact: true }).waitFor();
    await expect.poll(listening.open).toBe(1);
  });
});

test('a server that breaks each connection is not asked for everything at each attempt', async () => {
  const report = await makeReport('Cut off');
  const { page, context, open } = await openSignedIn('cut-off@acme.example', wide);
  const listening = countListening(context);
  let reads = 0;
  context.on('request', (request) => {
    if (request.url().includes(`/reports/${report}`)) reads++;
  });
  const answer = { contentType: 'text/event-stream', body: 'retry: 20\n\n' };
  await context.route('**/events', (route) => route.fulfill(answer));
  await open(`/acme/reports/${report}`);
  await heading(page, 'Cut off');
  const before = [listening.opened(), reads] as const;
  await expect.poll(listening.opened).toBeGreaterThan(before[0] + 30);
  expect(reads - before[1]).toBeLessThan(15);
});

test('who edits learns of what others publish, and of who else writes', async () => {
  const report = await makeReport('Edited by two', {
    queries: [{ name: 'One', raw_query: 'select 1 as one' }],
  });
  const { page, open } = await openSignedIn('editing@acme.example', wide);
  const { api } = demoPlace();
  await open(`/acme/reports/${report}/edit`);
  await page.getByLabel('Description').waitFor();
  const path = `/api/acme/reports/${report}`;
  const content = { name: 'x', base: {} };
  await api.send('PUT', `${path}/draft`, { draft: { base_version: 1, content } });
  await page.getByText(/is also editing this report/).waitFor();
  await api.send('PATCH', path, { report: { description: 'By another' } });
  await page.getByText('Another member published this report').waitFor();
});
