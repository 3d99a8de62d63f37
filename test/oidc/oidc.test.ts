import { describe, expect, test } from 'vitest';
import type { ListedAuditEntry } from '../../src/audit/audit-log-store.ts';
import type { EmailTrust } from '../../src/config.ts';
import { readClaimedEmail } from '../../src/oidc/claimed-email.ts';
import { CLIENT, type Person } from '../support/open-oidc-provider.ts';
import { ANA, auditOf, openWithProvider } from '../support/open-with-provider.ts';
import { fromOwnPage, inviteMember, PASSWORD, signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

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

  test.each<[string, Person, Record<string, string>, string]>([
    ['who is no member', { ...ANA, email: 'nobody@acme.example' }, {}, 'not_a_member'],
    ['whose address is not verified', { ...ANA, email_verified: false }, {}, 'email_unverified'],
    ['whose domain is not allowed', ANA, { oidcDomains: 'other.example' }, 'domain_refused'],
    [
      'whose domain only ends like an allowed one',
      { ...ANA, email: 'ana@evilacme.example' },
      { oidcDomains: 'acme.example', oidcJoin: 'acme' },
      'domain_refused',
    ],
    ['of whom it tells no address', {}, {}, 'email_missing'],
  ])(
    'does not sign in somebody %s, and says why in the audit log',
    async (_, person, flags, error) => {
      const { workplace, acme, go, database } = await openWithProvider(flags);
      await inviteMember(workplace, acme);
      const { location, session } = await go('subject-1', person);
      expect(location).toBe(`/sign-in?error=${error}`);
      expect(session).toBeNull();
      expect(await database.all('select * from sessions')).toEqual([]);
      const [refused] = await auditOf(database, acme, 'session.refused');
      const { detail, subjectName } = refused as ListedAuditEntry;
      expect(subjectName).toBe(person.email ?? null);
      expect(JSON.parse(detail ?? '')).toMatchObject({
        method: 'oidc',
        subject: 'subject-1',
        reason: expect.stringMatching(/address|email|ROLLCALL_OIDC_DOMAINS/),
      });
    },
  );

  test.each<[EmailTrust, unknown, boolean]>([
    ['claim', true, true],
    ['claim', 'true', true],
    ['claim', 'TRUE', true],
    ['claim', undefined, false],
    ['claim', 'false', false],
    ['claim', 'yes', false],
    ['claim', 1, false],
    ['assume', undefined, true],
    ['assume', null, true],
    ['assume', 'true', true],
    ['assume', false, false],
    ['assume', 'false', false],
    ['assume', '', false],
  ])('with %s, email_verified %j lets in: %s', (emailTrust, isVerified, letsIn) => {
    const { email } = readClaimedEmail(
      { email: ANA.email, isVerified },
      { domains: [], emailTrust },
    );
    expect(email).toBe(letsIn ? ANA.email : undefined);
  });

  test('that sends no email_verified is believed where the option says so', async () => {
    const flags = { oidcEmailVerified: 'assume' };
    const { workplace, acme, go } = await openWithProvider(flags);
    await inviteMember(workplace, acme);
    expect((await go('subject-1', { email: ANA.email })).session.member.email).toBe(ANA.email);
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
    expect((await go('subject-1', noAddress)).location).toBe('/sign-in?error=email_missing');
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

  test.each(['', 'e30', 'bnVsbA', '%', 'W10'])('to the cookie %j is refused', async (value) => {
    const { arrive } = await openWithProvider();
    const state = 'a'.repeat(43);
    for (const name of [`rollcall-oidc-${state}`, 'rollcall-oidc', 'rollcall-oidc-b'])
      for (const url of [
        `/auth/oidc/callback?code=a&state=${state}`,
        '/auth/oidc/callback?state=b',
      ])
        expect((await arrive(url, `${name}=${value}`)).location).toBe(failed);
  });

  test('does not end the sign-in of another tab, whether it comes first or fails', async () => {
    const { workplace, acme, leave, arrive } = await openWithProvider();
    await inviteMember(workplace, acme);
    const [a, b, c] = [await leave('s1', ANA), await leave('s1', ANA), await leave('s1', ANA)];
    const jar = [a, b, c].map(({ cookie }) => cookie).join('; ');
    const denied = a.url.replace(/code=[^&]+/, 'error=access_denied');
    const refused = await arrive(denied, jar);
    expect(refused.location).toBe(failed);
    // It takes away its own cookie alone.
    expect([refused.answer.headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(new RegExp(`^${a.cookie.split('=')[0]}=; .*Max-Age=0`)),
    ]);
    expect((await arrive(c.url, jar)).session.member.email).toBe(ANA.email);
    expect((await arrive(b.url, jar)).session.member.email).toBe(ANA.email);
  });

  test('of one person is never another’s, in one browser with several', async () => {
    const { workplace, acme, leave, arrive } = await openWithProvider();
    const people = ['ana', 'bo', 'cy'].map((name) => `${name}@acme.example`);
    for (const email of people) await inviteMember(workplace, acme, { email, role: 'member' });
    const away: Awaited<ReturnType<typeof leave>>[] = [];
    for (const email of people) away.push(await leave(email, { email, email_verified: true }));
    const jar = away.map(({ cookie }) => cookie).join('; ');
    const back = await Promise.all(away.map(({ url }) => arrive(url, jar)));
    expect(back.map(({ session }) => session.member.email)).toEqual(people);
    // With the cookie of another journey, under the own one's name.
    const [first, second] = [await leave('ana@acme.example', ANA), await leave('x', ANA)];
    const [name] = first.cookie.split('=');
    const swapped = `${name}=${second.cookie.slice(second.cookie.indexOf('=') + 1)}`;
    expect((await arrive(first.url, swapped)).location).toBe(failed);
  });

  test('comes through however many sign-ins a browser has begun, of which the oldest are forgotten', async () => {
    const { workplace, acme, leave, arrive, send } = await openWithProvider();
    await inviteMember(workplace, acme);
    const page = `/reports?q=${'x'.repeat(900)}`;
    const jar = new Map<string, string>();
    for (let tab = 0; tab < 12; tab++) {
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      const url = `/auth/oidc/start?page=${encodeURIComponent(page)}`;
      const start = await send({ url, headers: { cookie } });
      for (const line of [start.headers['set-cookie']].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(String(line)) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
    }
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    expect(jar.size).toBe(6);
    expect(cookie.length).toBeLessThan(12_000);
    const last = await leave('subject-1', ANA);
    expect((await arrive(last.url, `${cookie}; ${last.cookie}`)).location).toBe('/');
  });

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
      /^rollcall-oidc-[\w-]{43}=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
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
  [{ oidcEmailVerified: 'always' }, 'one of claim, assume'],
  [{ oidcDomains: 'acme.example, @acme' }, 'is not a domain'],
])('the options %j are refused', async (flags, words) => {
  await expect(openWorkplace(flags)).rejects.toThrow(words);
});
