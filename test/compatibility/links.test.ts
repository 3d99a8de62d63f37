import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { type Answer, openRestWorkspace } from '../support/rest-workspace.ts';
import { putRows } from '../support/rows.ts';

type Link = { href: string; templated?: boolean };

/** Every link of an answer, at every depth. */
function linksIn(value: Answer): Link[] {
  if (Array.isArray(value)) return value.flatMap(linksIn);
  if (typeof value !== 'object' || value === null) return [];
  const { _links: links = {}, ...rest } = value;
  return [...(Object.values(links) as Link[]), ...Object.values(rest).flatMap(linksIn)];
}

test('every link of every answer leads to a document, of imported things and failed runs too', async () => {
  const { call, request, ended, root, imported, report } = await openRestWorkspace({ runs: true });
  const failing = await call('POST', `${root}/reports`, { report: { name: 'Failing' } });
  const path: string = failing._links.self.href;
  await call('POST', `${path}/queries`, { query: { name: 'Nowhere', raw_query: 'select 1' } });
  await ended((await call('POST', `${path}/runs`))._links.self.href);

  const seeds = ['/api/verify', '/api/account', root, `${root}/spaces?filter=all`];
  const seen = new Set([...seeds, `${root}/schedules`, path, ...Object.values(imported)]);
  const pages = new Set<string>();
  for (const link of seen) {
    const response = await request('GET', link);
    // What is only to be sent to, such as where to try a data source, is there as well.
    expect([200, 405, 422], `${link}: ${response.body}`).toContain(response.statusCode);
    if (!String(response.headers['content-type']).includes('hal+json')) continue;
    for (const { href, templated } of linksIn(response.json())) {
      if (templated) expect(href, link).toMatch(/\{[^}]+\}/);
      else if (href.startsWith('/api/')) seen.add(href);
      else pages.add(href);
    }
  }
  expect(seen).toContain(`${report._links.self.href}/queries`);
  expect(seen.size).toBeGreaterThan(100);
  const known =
    /^\/acme(\/(reports\/[^/]+(\/edit|\/queries\/[^/]+)?|spaces\/[^/]+|data|settings(\/members)?)(\?run=[^/]+)?)?$/;
  for (const page of pages) expect(page).toMatch(known);
});

test('the runs of a source, of which no more than the row is known, are there', async () => {
  const { call, request, root, database, acme } = await openRestWorkspace();
  const times = {
    last_run_at: '2026-11-01T08:00:00.000Z',
    last_successfully_run_at: '2026-11-01T08:00:02.500Z',
  };
  const rows = ['succeeded', 'failed', null].map((state, index) => ({
    ...{ id: 90 + index, token: `told0000000${index}`, last_run_state: state },
    ...(state && { last_run_token: `run00000000${index}`, ...times }),
  }));
  await putRows(database, acme, lists.reports, rows);
  const [succeeded, failed, never] = await Promise.all(
    rows.map(({ token }) => call('GET', `${root}/reports/${token}`)),
  );
  expect(succeeded).toMatchObject({
    last_successful_run_token: 'run000000000',
    expected_runtime: 2.5,
  });
  const run = await call('GET', succeeded._links.last_successful_run.href);
  expect(run).toMatchObject({
    state: 'succeeded',
    created_at: times.last_run_at,
    completed_at: times.last_successfully_run_at,
    is_latest_successful_report_run: true,
  });
  expect(run._links).not.toHaveProperty('content');
  expect((await call('GET', run._links.query_runs.href))._embedded.query_runs).toEqual([]);
  const results = await request('GET', `${run._links.self.href}/results/content.csv`);
  expect(results.json().message).toBe('run results not found');
  const cancelled = await request('POST', `${run._links.self.href}/cancel`);
  expect(cancelled.statusCode).toBe(409);
  const failedRun = await call('GET', failed._links.last_run.href);
  expect(failedRun).toMatchObject({ state: 'failed', is_latest_successful_report_run: false });
  expect(failed._links).not.toHaveProperty('last_successful_run');
  expect(never._links).not.toHaveProperty('last_run');
});
