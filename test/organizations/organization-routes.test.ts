import { describe, expect, test } from 'vitest';
import { checkUsername } from '../../src/organizations/organization.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

type Link = { href: string; templated?: true };

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  return { ...workplace, acme };
}

describe('/api/verify', () => {
  test.each([
    ['admin', 'workspace'],
    ['member', 'member'],
  ] as const)('says what the token of a person who is %s is good for', async (role, scope) => {
    const { get, database, acme } = await openAcme();
    const basic = await makeBasic(database, acme, role);
    const response = await get('/api/verify', basic);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      workspace: 'acme',
      workspace_token: acme.id.toString(16).padStart(12, '0'),
      api_key_scope: scope,
      _links: {
        self: { href: expect.stringMatching(/^\/api\/acme\/api_keys\/[0-9a-f]{12}$/) },
        account: { href: '/api/acme' },
      },
    });
    const { _links: links } = (await get(response.json()._links.self.href, basic)).json();
    expect((await get(links.member.href, basic)).json().email).toBe(`${role}@acme.example`);
  });

  test('refuses who has no API token, and the credential of the other API', async () => {
    const { get, database, acme } = await openAcme();
    expect((await get('/api/verify')).statusCode).toBe(401);
    expect((await get('/api/verify', await makeBearer(database, acme))).statusCode).toBe(401);
  });
});

describe('an organization', () => {
  test('is where the REST API begins: its links lead somewhere', async () => {
    const { get, database, acme } = await openAcme();
    const basic = await makeBasic(database, acme, 'member');
    const response = await get('/api/acme', basic);
    expect(response.headers['content-type']).toBe('application/hal+json; charset=utf-8');
    const { _links: links, ...account } = response.json();
    expect(account).toEqual({
      token: expect.stringMatching(/^[0-9a-f]{12}$/),
      id: String(acme.id),
      username: 'acme',
      name: 'acme',
      email: null,
      user: false,
      created_at: expect.stringMatching(/Z$/),
      avatar: { type: 'initials', initials: 'ac' },
      dataset_size_limit_mb: '0',
      query_run_size_limit_mb: expect.stringMatching(/^\d+$/),
    });
    for (const [name, { href, templated }] of Object.entries<Link>(links)) {
      if (templated || !href.startsWith('/api/')) continue;
      expect((await get(href, basic)).statusCode, name).toBe(200);
    }
  });

  test('is not shown to anybody without a credential', async () => {
    const { get } = await openAcme();
    const response = await get('/api/acme');
    expect(response.statusCode).toBe(401);
    expect(response.body).toBe((await get('/api/absent')).body);
  });

  test.each(['verify', 'account'])('is not called %s, which is another path', (username) => {
    expect(() => checkUsername(username)).toThrow('is a path of the REST API');
  });
});

test.each([
  ['definitions', 'definitions'],
  ['datasets', 'reports'],
])('there are no %s, which is an empty list', async (name, key) => {
  const { get, database, acme } = await openAcme();
  const basic = await makeBasic(database, acme);
  const response = await get(`/api/acme/${name}?page=2&filter=all`, basic);
  expect(response.statusCode).toBe(200);
  expect(response.json()._embedded).toEqual({ [key]: [] });
});
