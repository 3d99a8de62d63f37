import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { openListening } from '../support/listening.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic } from '../support/workplace.ts';

type Page = { _embedded: { spaces: { token: string }[] } };

/** Reads as OpenMetadata's connector for Mode does, which asks for collections. */
async function get(url: string, path: string, authorization: string) {
  const response = await fetch(`${url}/api/${path}`, { headers: { authorization } });
  return { status: response.status, body: (await response.json()) as Page };
}

test('it tries the connection with the organization itself', async () => {
  const { url, database, acme } = await openListening();
  const { status } = await get(url, 'acme', await makeBasic(database, acme));
  expect(status).toBe(200);
});

test('collections are spaces, and a crawl without a filter does not end with nothing', async () => {
  const { url, database, acme } = await openListening();
  const rows = Array.from({ length: 45 }, (_, index) => ({
    id: index + 1,
    token: `space${index}`,
  }));
  await putRows(database, acme, lists.spaces, rows);
  const basic = await makeBasic(database, acme);
  const seen = new Set<string>();
  // It goes on until a page is empty, or tells nothing new.
  for (let page = 1; ; page++) {
    const { body } = await get(url, `acme/collections?page=${page}&per_page=100`, basic);
    const tokens = body._embedded.spaces.map(({ token }) => token);
    if (tokens.every((token) => seen.has(token))) break;
    for (const token of tokens) seen.add(token);
  }
  expect(seen.size).toBe(45);
});
