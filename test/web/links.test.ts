import { describe, expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { findReport, openSignedIn, openWeb } from '../support/open-web.ts';

const test = testWith('chromium');

const WARMER = 'Is it getting warmer?';

type Spaces = { _embedded: { spaces: { name: string; token: string }[] } };
type Store = { _embedded: { queries: { token: string }[] } };

describe('a link as catalogs keep it of Mode', () => {
  for (const kind of ['spaces', 'collections']) {
    test(`opens a space: ${kind}`, async () => {
      const { page, context, open } = await openSignedIn(`link-to-${kind}@acme.example`);
      const answer = await context.request.get('/api/acme/spaces');
      const { spaces } = ((await answer.json()) as Spaces)._embedded;
      const { token } = spaces.find(({ name }) => name === 'Climate') as { token: string };
      await open(`/acme/${kind}/${token}`);
      await page.getByText('Space: Climate', { exact: true }).waitFor();
      expect(new URL(page.url())).toMatchObject({ pathname: '/acme', search: `?space=${token}` });
      // Other tests make reports meanwhile, and the newest come first.
      await page.getByRole('searchbox').fill(WARMER);
      await page.getByRole('rowgroup').getByRole('link', { name: WARMER }).waitFor();
    });
  }

  test('opens the report of a query', async () => {
    const { page, context, open } = await openSignedIn('link-to-query@acme.example');
    const report = await findReport(WARMER);
    const answer = await context.request.get(`/api/acme/reports/${report}/queries`);
    const [query] = ((await answer.json()) as Store)._embedded.queries;
    await open(`/acme/reports/${report}/queries/${query?.token}`);
    await page.getByRole('heading', { name: WARMER }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/acme/reports/${report}`);
  });

  test('opens after the sign-in for whoever has none yet', async () => {
    const { page, open } = await openWeb();
    await open('/acme/spaces/abc');
    await page.waitForURL((url) => url.searchParams.get('next') === '/acme?space=abc');
  });
});
