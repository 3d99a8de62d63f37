import { describe, expect, test } from 'vitest';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { makeBasic } from '../support/workplace.ts';

type Minted = { token: string; access_key: string; access_secret: string };
type Page = {
  pagination: { total_count: number };
  _links?: { next_page?: { href?: string } };
} & Record<string, GivenRow[]>;

/**
 * Reads the way mode-sdk's Discovery class does: a signature token is minted with an API token, the first page is asked
 * for with the caller's parameters, and every other page is whatever `next_page` says, until there is none or it was
 * followed before. Of `pagination` only `total_count` is looked at.
 */
async function discover(
  url: string,
  basic: string,
  list: ListName,
  parameters: Record<string, string> = {},
): Promise<{ rows: GivenRow[]; totalCount: number; followed: string[] }> {
  const minted = await mint(url, basic);
  const parts = `${minted.token}:${minted.access_key}:${minted.access_secret}`;
  const authorization = `Bearer ${Buffer.from(parts).toString('base64')}`;
  const query = new URLSearchParams(parameters).toString();
  let next: string | undefined = `/batch/acme/${list}${query === '' ? '' : `?${query}`}`;
  const rows: GivenRow[] = [];
  const followed: string[] = [];
  let totalCount = 0;
  while (next !== undefined && !followed.includes(next)) {
    if (followed.length > 1_000) throw new Error('There is always another page.');
    followed.push(next);
    const response = await fetch(new URL(next, url), {
      headers: { authorization, accept: 'application/json' },
    });
    if (!response.ok) throw new Error(`${next}: ${response.status}`);
    const page = (await response.json()) as Page;
    rows.push(...((page[list] as GivenRow[] | undefined) ?? []));
    totalCount = page.pagination.total_count;
    next = page._links?.next_page?.href;
  }
  return { rows, totalCount, followed };
}

const newToken = (more: object = {}) => ({
  signature_token: {
    name: 'mode-sdk',
    expires_at: '2027-01-01T00:00Z',
    auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    ...more,
  },
});

/** Minting is refused with 401 or 403 where Discovery cannot be had; what is wrong with the request is said in words. */
async function mint(url: string, basic: string | undefined, body = newToken()): Promise<Minted> {
  const response = await fetch(`${url}/batch/acme/signature_tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(basic === undefined ? {} : { authorization: basic }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Minted & { id: string; message: string };
  if (response.status === 401 || response.status === 403) throw new Error('unavailable');
  if (!response.ok) throw new Error(`${answer.id}: ${answer.message}`);
  return answer;
}

async function openDiscovery() {
  const listening = await openListening();
  await putInventory(listening);
  const basic = await makeBasic(listening.database, listening.acme);
  return { ...listening, basic };
}

const idsOf = (list: ListName, rows: readonly GivenRow[]) =>
  new Set(rows.map((row) => row[lists[list].idField]));

describe('every list is read to its end by following next_page', () => {
  test.each(['reports', 'report_stats', 'queries', 'charts'] as const)('%s', async (list) => {
    const { url, basic } = await openDiscovery();
    const { rows, totalCount, followed } = await discover(url, basic, list);
    expect(totalCount).toBe(SHARED);
    expect(idsOf(list, rows).size).toBe(SHARED);
    expect(rows).toHaveLength(SHARED);
    expect(followed).toEqual([
      `/batch/acme/${list}`,
      `/batch/acme/${list}?page=2&per_page=1000`,
      `/batch/acme/${list}?page=3&per_page=1000`,
    ]);
  });

  test.each(['spaces', 'members'] as const)('%s', async (list) => {
    const { url, basic } = await openDiscovery();
    const { rows, totalCount, followed } = await discover(url, basic, list);
    expect(rows).toHaveLength(totalCount);
    expect(followed).toHaveLength(1);
  });
});

test('the parameters of the first page hold for all pages', async () => {
  const { url, basic } = await openDiscovery();
  const parameters = { include_spaces: 'all', per_page: '100' };
  const { rows, followed } = await discover(url, basic, 'reports', parameters);
  expect(idsOf('reports', rows).size).toBe(SHARED + PERSONAL);
  expect(followed).toHaveLength(Math.ceil((SHARED + PERSONAL) / 100));
  expect(followed.at(-1)).toBe('/batch/acme/reports?page=27&per_page=100&include_spaces=all');
});

test('every time is an ISO 8601 time with its zone, or null', async () => {
  const { url, basic } = await openDiscovery();
  for (const list of ['reports', 'members'] as const) {
    const { rows } = await discover(url, basic, list);
    for (const row of rows) {
      for (const [key, value] of Object.entries(row)) {
        if (!key.endsWith('_at') || value === null) continue;
        expect(Number.isNaN(Date.parse(value as string))).toBe(false);
        expect(value).toMatch(/Z$/);
      }
    }
  }
});

describe('minting', () => {
  test('is unavailable without an admin’s API token', async () => {
    const { url, database, acme } = await openDiscovery();
    const member = await makeBasic(database, acme, 'member');
    await expect(mint(url, undefined)).rejects.toThrow('unavailable');
    await expect(mint(url, member)).rejects.toThrow('unavailable');
  });

  test('says what is wrong with a name that is too short', async () => {
    const { url, basic } = await openDiscovery();
    await expect(mint(url, basic, newToken({ name: 'abc' }))).rejects.toThrow(
      'bad_request: Field signature_token.name is "abc"; it must NOT have fewer than 4 characters.',
    );
  });
});
