import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { openListening } from '../support/listening.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic } from '../support/workplace.ts';

/*
 * What mode-client did before its version 1.0, which read queries through the Discovery API: it makes a signature token
 * of its own when it is opened and deletes it when it is closed, says with every request that it is JSON, reads every
 * answer as JSON, and takes no page of which a single value is not of the type that it expects.
 */

type Made = { token: string; access_key: string; access_secret: string };
type Session = { url: string; basic: string; made: Made };

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

async function open(url: string, basic: string, expiresAt: string): Promise<Session> {
  const response = await fetch(`${url}/batch/acme/signature_tokens`, {
    method: 'POST',
    headers: { ...JSON_HEADERS, authorization: basic },
    body: JSON.stringify({
      signature_token: {
        name: crypto.randomUUID(),
        expires_at: expiresAt,
        auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
      },
    }),
  });
  expect(response.status).toBe(200);
  return { url, basic, made: (await response.json()) as Made };
}

function bearerOf({ made }: Session): string {
  const parts = `${made.token}:${made.access_key}:${made.access_secret}`;
  return `Bearer ${Buffer.from(parts).toString('base64')}`;
}

async function close({ url, basic, made }: Session): Promise<unknown> {
  const response = await fetch(`${url}/batch/acme/signature_tokens/${made.token}`, {
    method: 'DELETE',
    headers: { ...JSON_HEADERS, authorization: basic },
  });
  expect(response.status).toBe(200);
  return response.json();
}

type Store = { pagination: Record<string, unknown>; queries: GivenRow[] };

/** One page; the caller counts. */
async function listQueries(
  session: Session,
  { page, perPage, includeSpaces }: { page: number; perPage: number; includeSpaces?: 'all' },
): Promise<GivenRow[]> {
  const parameters = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  if (includeSpaces) parameters.set('include_spaces', includeSpaces);
  const response = await fetch(`${session.url}/batch/acme/queries?${parameters}`, {
    headers: { ...JSON_HEADERS, authorization: bearerOf(session) },
  });
  if (response.status !== 200) throw new Error(String(response.status));
  const body = (await response.json()) as Store;
  for (const key of ['page', 'per_page', 'count', 'total_pages', 'total_count']) {
    checkType(body.pagination, key, 'integer');
  }
  for (const row of body.queries) {
    for (const key of ['id', 'report_id', 'space_id']) checkType(row, key, 'integer');
    for (const key of ['token', 'name', 'raw_query', 'creator_email', 'data_source_token']) {
      checkType(row, key, 'text');
    }
    for (const key of ['report_token', 'space_token']) checkType(row, key, 'text');
  }
  return body.queries;
}

function checkType(holder: GivenRow, key: string, type: 'integer' | 'text'): void {
  const value = holder[key];
  const isRight = type === 'integer' ? Number.isInteger(value) : typeof value === 'string';
  if (!isRight) throw new Error(`${key} is ${JSON.stringify(value)}`);
}

const queryRow = (number: number): GivenRow => ({
  id: number,
  token: `query${number}`,
  name: `Query ${number}`,
  raw_query: 'select *\nfrom orders\n{% form %}\n{% endform %}',
  creator_email: 'ana@acme.example',
  data_source_token: 'warehouse',
  report_id: 1,
  report_token: 'report1',
  space_id: 1,
  space_token: 'space1',
});

async function openAcme() {
  const listening = await openListening();
  const { database, acme } = listening;
  const numbers = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + i);
  await putRows(database, acme, lists.queries, numbers(1, 250).map(queryRow));
  const personal = numbers(1_001, 10).map(queryRow);
  await putRows(database, acme, lists.queries, personal, { personal: true });
  return { ...listening, basic: await makeBasic(database, acme) };
}

/** As Python's isoformat() writes a time in UTC. */
const inAnHour = '2026-11-23T13:00:00.584520+00:00';

test('a session makes its token, reads all pages and deletes the token', async () => {
  const { url, basic } = await openAcme();
  const session = await open(url, basic, inAnHour);
  const rows: GivenRow[] = [];
  for (let page = 1; ; page++) {
    const some = await listQueries(session, { page, perPage: 100 });
    if (some.length === 0) break;
    rows.push(...some);
  }
  expect(rows).toEqual(Array.from({ length: 250 }, (_, index) => queryRow(index + 1)));
  expect(await close(session)).toMatchObject({ token: session.made.token });
  await expect(listQueries(session, { page: 1, perPage: 100 })).rejects.toThrow('401');
});

test.each([1, 1000])('a page may have %i rows', async (perPage) => {
  const { url, basic } = await openAcme();
  const session = await open(url, basic, inAnHour);
  expect(await listQueries(session, { page: 1, perPage })).toHaveLength(Math.min(perPage, 250));
});

test('include_spaces=all adds what lies in personal spaces', async () => {
  const { url, basic } = await openAcme();
  const session = await open(url, basic, inAnHour);
  const rows = await listQueries(session, { page: 1, perPage: 1000, includeSpaces: 'all' });
  expect(rows).toHaveLength(260);
});

describe('a token is made with the times that were ever sent', () => {
  test.each([
    ['2026-11-24T22:58:47+0000', '2026-11-24T22:58:47.000Z'],
    ['2026-11-24T10:00Z', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24T10:00:30.584520+00:00', '2026-11-24T10:00:30.584Z'],
  ])('%s', async (expiresAt, expected) => {
    const { url, basic } = await openAcme();
    const session = await open(url, basic, expiresAt);
    expect(await close(session)).toMatchObject({ expires_at: expected });
  });
});
