import { describe, expect, test } from 'vitest';
import { CLIENT, openOidcProvider, type Person } from '../support/open-oidc-provider.ts';
import { fromOwnPage, inviteMember, PASSWORD, signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const ANA = { email: 'ana@acme.example', email_verified: true };

async function openWithProvider(flags: Record<string, string> = {}) {
  const oidc = await openOidcProvider('http://localhost/auth/oidc/callback');
  const workplace = await openWorkplace({
    oidcIssuer: oidc.issuer,
    oidcClientId: CLIENT.clientId,
    oidcClientSecret: CLIENT.clientSecret,
    ...flags,
  });
  const acme = await makeOrganization(workplace.database);
  const { send } = workplace;

  /** Sends somebody's browser away; answers where it is sent back to, and with which cookie. */
  async function leave(subject: string, person: Person, query = '') {
    oidc.people.set(subject, person);
    const start = await send({ url: `/auth/oidc/start${query}` });
    expect(start.statusCode).toBe(302);
    const cookie = String(start.headers['set-cookie']).split(';')[0] as string;
    const back = new URL(await oidc.visit(String(start.headers.location), subject));
    return { start, cookie, url: `${back.pathname}${back.search}` };
  }

  /** Goes to the provider and comes back; answers where to, and whose session it is. */
  async function go(subject: string, person: Person, query = '') {
    const { url, cookie } = await leave(subject, person, query);
    return arrive(url, cookie);
  }

  async function arrive(url: string, cookie: string) {
    const answer = await send({ url, headers: { cookie } });
    expect(answer.statusCode).toBe(302);
    const cookies = [answer.headers['set-cookie']].flat().map((line) => String(line).split(';')[0]);
    const session = cookies.find((one) => one?.startsWith('rollcall-session='));
    const state = await send({ url: '/api/session', headers: session ? { cookie: session } : {} });
    return { location: answer.headers.location, session: state.json().session, answer };
  }
  return { ...workplace, workplace, acme, oidc, leave, go, arrive };
}

describe('a provider', () => {
  test('signs in the member of the address that it has verified', async () => {
    const { workplace, acme, go, send } = await openWithProvider();
    await inviteMember(workplace, acme);
    expect((await send({ url: '/api/session' })).json().methods).toEqual(['password', 'oidc']);
    const { location, session } = await go('subject-1', { ...ANA, email: 'Ana@ACME.example' });
    expect(location).toBe('/');
    expect(session.member).toMatchObject({ email: ANA.email, has_password: false });
  });

  test('knows the member from then on, whatever becomes of the address', async () => {
    const { workplace, acme, go, database } = await openWithProvider();
    await inviteMember(workplace, acme);
    await go('subject-1', ANA);
    const { session } = await go('subject-1', {
      email: 'new@other.example',
      email_verified: false,
    });
    expect(session.member.email).toBe(ANA.email);
    expect(await database.all('select * from oidc_identities')).toHaveLength(1);
  });

  test.each<[string, Person, Record<string, string>]>([
    ['who is no member', { ...ANA, email: 'nobody@acme.example' }, {}],
    ['whose address is not verified', { ...ANA, email_verified: false }, {}],
    ['whose domain is not allowed', ANA, { oidcDomains: 'other.example' }],
    [
      'whose domain only ends like an allowed one',
      { ...ANA, email: 'ana@evilacme.example' },
      { oidcDomains: 'acme.example', oidcJoin: 'acme' },
    ],
  ])('does not sign in somebody %s', async (_, person, flags) => {
    const { workplace, acme, go, database } = await openWithProvider(flags);
    await inviteMember(workplace, acme);
    const { location, session } = await go('subject-1', person);
    expect(location).toBe('/sign-in?error=not_a_member');
    expect(session).toBeNull();
    expect(await database.all('select * from sessions')).toEqual([]);
  });

  test('makes members of an allowed domain where they may join', async () => {
    const flags = { oidcDomains: 'acme.example,acme.test', oidcJoin: 'acme' };
    const { go } = await openWithProvider(flags);
    const { session } = await go('subject-9', { email: 'new@acme.test', email_verified: true });
    expect(session).toMatchObject({
      organization: { username: 'acme' },
      member: { email: 'new@acme.test', role: 'member' },
    });
  });

  test('asks which organization, where there are several', async () => {
    const { workplace, acme, database, go } = await openWithProvider();
    const rival = await makeOrganization(database, 'rival');
    await inviteMember(workplace, acme);
    await inviteMember(workplace, rival, { email: ANA.email });
    expect((await go('subject-1', ANA)).location).toBe('/sign-in?error=several_organizations');
    const { session } = await go('subject-1', ANA, '?organization=rival');
    expect(session.organization.username).toBe('rival');
  });

  test('takes the place of the password, which nobody can set again', async () => {
    const { workplace, acme, go, send } = await openWithProvider();
    const { browse, member } = await signIn(workplace, acme);
    await go('subject-1', ANA);
    const payload = { email: member.email, password: PASSWORD };
    const refused = await send({
      method: 'POST',
      url: '/api/session',
      headers: fromOwnPage,
      payload,
    });
    expect(refused.statusCode).toBe(401);
    const change = await browse({
      method: 'POST',
      url: '/api/session/password',
      payload: { new_password: 'seven otters in a canoe' },
    });
    expect(change.statusCode).toBe(409);
    const { link } = await inviteMember(workplace, acme);
    const use = (password?: string) =>
      send({
        method: 'POST',
        url: '/api/session/link',
        headers: fromOwnPage,
        payload: { link, ...(password ? { password } : {}) },
      });
    expect((await use(PASSWORD)).statusCode).toBe(409);
    expect((await use()).statusCode).toBe(200);
  });

  test('that sends text that is none was kept with it', async () => {
    const flags = { oidcDomains: 'acme.test', oidcJoin: 'acme' };
    const { go, database } = await openWithProvider(flags);
    const half = { email: 'a\ud83d@acme.test', email_verified: true };
    const zero = { email: 'a\0@acme.test', email_verified: true };
    for (const person of [half, zero])
      expect((await go('subject-1', person)).location).toBe('/sign-in?error=oidc_failed');
    const noAddress = { email: `${'x'.repeat(300)}@acme.test`, email_verified: true };
    expect((await go('subject-1', noAddress)).location).toBe('/sign-in?error=not_a_member');
    expect(await database.all('select * from members')).toEqual([]);
  });

  test('that does not answer is named as the reason, and is asked again', async () => {
    const workplace = await openWorkplace({
      oidcIssuer: 'http://127.0.0.1:1',
      oidcClientId: 'a',
      oidcClientSecret: 'b',
    });
    const answer = await workplace.send({ url: '/auth/oidc/start' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json().message).toContain('OpenID provider');
  });
});

describe('an answer', () => {
  const failed = '/sign-in?error=oidc_failed';

  test('is good once, and in the browser that asked', async () => {
    const { workplace, acme, leave, arrive, database } = await openWithProvider();
    await inviteMember(workplace, acme);
    const first = await leave('subject-1', ANA);
    const other = await leave('subject-1', ANA);
    expect((await arrive(first.url, 'a=b')).location).toBe(failed);
    expect((await arrive(first.url, other.cookie)).location).toBe(failed);
    expect(await database.all('select * from sessions')).toEqual([]);
    expect((await arrive(first.url, first.cookie)).location).toBe('/');
    expect((await arrive(first.url, first.cookie)).location).toBe(failed);
  });

  test.each([
    ['with another code', (url: string) => url.replace(/code=[^&]+/, 'code=other')],
    ['with another state', (url: string) => url.replace(/state=[^&]+/, 'state=other')],
    [
      'of another issuer',
      (url: string) => url.replace(/iss=[^&]+/, 'iss=http%3A%2F%2Fevil.example'),
    ],
    ['without anything', (url: string) => url.split('?')[0] as string],
    ['that is an error', () => '/auth/oidc/callback?error=access_denied&error_description=canary'],
  ])('%s is refused', async (_, change) => {
    const { workplace, acme, leave, arrive, database } = await openWithProvider();
    await inviteMember(workplace, acme);
    const { url, cookie } = await leave('subject-1', ANA);
    expect((await arrive(change(url), cookie)).location).toBe(failed);
    expect(await database.all('select * from sessions')).toEqual([]);
  });

  test.each(['rollcall-oidc=', 'rollcall-oidc=e30', 'rollcall-oidc=bnVsbA', 'rollcall-oidc=%'])(
    'to the cookie %s is refused',
    async (cookie) => {
      const { arrive } = await openWithProvider();
      const url = '/auth/oidc/callback?code=a&state=b';
      expect((await arrive(url, cookie)).location).toBe(failed);
    },
  );

  test('ends at the page that was asked for, never elsewhere', async () => {
    const { workplace, acme, go } = await openWithProvider();
    await inviteMember(workplace, acme);
    const pages = [
      ['/reports?q=a', '/reports?q=a'],
      ['//evil.example', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example/', '/'],
      ['/a\nb', '/'],
      ['reports', '/'],
    ] as const;
    for (const [page, expected] of pages) {
      const { location } = await go('subject-1', ANA, `?page=${encodeURIComponent(page)}`);
      expect(location, page).toBe(expected);
    }
  });

  test('asks the provider with state, nonce and PKCE, and its cookie is gone after ten minutes', async () => {
    const { leave } = await openWithProvider();
    const { start } = await leave('subject-1', ANA);
    const { searchParams } = new URL(String(start.headers.location));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT.clientId,
      redirect_uri: 'http://localhost/auth/oidc/callback',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(start.headers['set-cookie']).toMatch(
      /^rollcall-oidc=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
  });
});

test('without a provider there is no way to one', async () => {
  const { send } = await openWorkplace();
  expect((await send({ url: '/auth/oidc/start' })).statusCode).toBe(404);
  expect((await send({ url: '/auth/oidc/callback' })).statusCode).toBe(404);
});

test.each([
  [{ oidcIssuer: 'http://sso.example.com' }, 'http:// on this machine'],
  [{ oidcIssuer: 'https://sso.example.com' }, 'belong together'],
  [{ oidcJoin: 'acme' }, 'ROLLCALL_OIDC_DOMAINS'],
  [{ oidcDomains: 'acme.example, @acme' }, 'is not a domain'],
])('the options %j are refused', async (flags, words) => {
  await expect(openWorkplace(flags)).rejects.toThrow(words);
});
