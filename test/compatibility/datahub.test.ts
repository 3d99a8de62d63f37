import { describe, expect, test } from 'vitest';
import { insertDataSource } from '../../src/data-sources/data-source-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { type Listening, openListening } from '../support/listening.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic } from '../support/workplace.ts';

type Thing = Record<string, unknown> & {
  token: string;
  name: string | null;
  _links: Record<string, { href: string }>;
};

/**
 * Reads as DataHub's source for Mode does: with Basic, page after page of 30 until one is empty under the name that
 * it looks for; other lists once. Links are followed from the server's address.
 */
function datahub(url: string, authorization: string) {
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`, {
      headers: {
        authorization,
        accept: 'application/hal+json',
        'content-type': 'application/json',
      },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as Thing & { _embedded?: Record<string, Thing[]> };
  };
  const readAll = async (path: string, key: string) => {
    const found: Thing[] = [];
    for (let page = 1; page < 100; page++) {
      const { _embedded } = await get(`${path}&per_page=30&page=${page}`);
      const things = _embedded?.[key] ?? [];
      if (things.length === 0) return found;
      found.push(...things);
    }
    throw new Error(`Reading ${path} does not end.`);
  };
  const readOnce = async (path: string, key: string) => (await get(path))._embedded?.[key];
  return { get, readAll, readOnce };
}

const SPACES = 95;

async function openInventory(): Promise<Listening & { basic: string }> {
  const listening = await openListening();
  const { database, acme } = listening;
  const basic = await makeBasic(database, acme);
  const spaces = Array.from({ length: SPACES }, (_, index) => ({
    id: index + 1,
    token: `space${index}`,
    name: index % 9 === 0 ? null : `Space ${index}`,
    space_type: 'custom',
  }));
  await putRows(database, acme, lists.spaces, spaces);
  const personal = [{ id: 500, token: 'personal', name: 'Ana', space_type: 'private' }];
  await putRows(database, acme, lists.spaces, personal, { personal: true });
  return { ...listening, basic };
}

test('it finds its credential good', async () => {
  const { url, basic } = await openInventory();
  expect(await datahub(url, basic).get('/api/verify')).toMatchObject({ workspace: 'acme' });
  await expect(datahub(url, 'Basic eDp5').get('/api/verify')).rejects.toThrow('401');
});

describe('spaces', () => {
  test('are read to their end, the personal ones where all are asked for', async () => {
    const { url, basic } = await openInventory();
    const { readAll } = datahub(url, basic);
    const shared = await readAll('/api/acme/spaces?filter=custom', 'spaces');
    expect(new Set(shared.map(({ token }) => token)).size).toBe(SPACES);
    expect(shared).toHaveLength(SPACES);
    const all = await readAll('/api/acme/spaces?filter=all', 'spaces');
    expect(all).toHaveLength(SPACES + 1);
    expect(all.filter((space) => space.space_type === 'private')).toEqual([
      expect.objectContaining({ token: 'personal', default_access_level: 'restricted' }),
    ]);
  });

  test('hold no datasets, which it looks for under reports', async () => {
    const { url, basic } = await openInventory();
    const { readAll } = datahub(url, basic);
    expect(await readAll('/api/acme/spaces/space1/datasets?filter=all', 'reports')).toEqual([]);
  });
});

test('who made a space is found with an address', async () => {
  const { url, basic } = await openInventory();
  const made = await fetch(`${url}/api/acme/spaces`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/json' },
    body: JSON.stringify({ space: { name: 'Finance' } }),
  });
  const { _links } = (await made.json()) as Thing;
  expect(await datahub(url, basic).get(_links.creator?.href ?? '')).toMatchObject({
    username: 'admin',
    email: 'admin@acme.example',
  });
});

test('data sources and definitions are read once', async () => {
  const { url, basic, database, acme } = await openInventory();
  for (let number = 1; number <= 40; number++) {
    await insertDataSource(database, acme.id, {
      id: number,
      token: `source${number}`,
      name: `Source ${number}`,
      description: null,
      adapter: 'postgresql',
      options: { host: 'warehouse.internal', database: 'sales', username: 'reader' },
      sealedSecrets: null,
      creatorSlot: null,
      createdAt: '2026-11-02T09:12:44.000Z',
      updatedAt: '2026-11-02T09:12:44.000Z',
    });
  }
  const { readOnce } = datahub(url, basic);
  const sources = (await readOnce('/api/acme/data_sources', 'data_sources')) ?? [];
  expect(sources).toHaveLength(40);
  expect(sources[0]).toMatchObject({
    id: '1',
    token: 'source1',
    name: 'Source 1',
    adapter: 'jdbc:postgresql',
    database: 'sales',
    host: 'warehouse.internal',
  });
  expect(await readOnce('/api/acme/definitions', 'definitions')).toEqual([]);
});

test('reports are read to their end, and each finds who made it', async () => {
  const { url, basic, database, acme } = await openInventory();
  const [space = 0] = await putRows(database, acme, lists.spaces, [
    { id: 700, token: 'finance', name: 'Finance', space_type: 'custom' },
  ]);
  const inSpace = { space_id: 700, space_token: 'finance' };
  const numbers = Array.from({ length: 70 }, (_, index) => 1000 + index);
  const reports = numbers.map((id) => ({
    id,
    token: `report${id}`,
    name: id % 7 === 0 ? null : `Report ${id}`,
    created_at: '2026-01-01T00:00:00.000Z',
    creator_email: 'admin@acme.example',
    ...inSpace,
  }));
  await putRows(database, acme, lists.reports, reports, { parent: space });
  const { get, readAll } = datahub(url, basic);
  const found = await readAll('/api/acme/spaces/finance/reports?filter=all', 'reports');
  expect(found.map(({ token }) => token)).toEqual(reports.map(({ token }) => token));
  for (const { token, _links } of found.slice(0, 5)) {
    expect(await get(_links.creator?.href ?? '')).toMatchObject({ email: 'admin@acme.example' });
    const whole = await get(`/api/acme/reports/${token}`);
    for (const key of [
      'id',
      'created_at',
      'last_saved_at',
      'last_run_at',
      'view_count',
      'archived',
    ])
      expect(whole).toHaveProperty(key);
  }
});
