import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { listen } from '../support/connection.ts';
import { fromOwnPage, inviteMember, PASSWORD, signIn } from '../support/pages.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openWithAna(flags = {}) {
  const workplace = await openWorkplace(flags);
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  return { ...workplace, workplace, acme, ana };
}

const newToken = {
  method: 'POST',
  url: '/batch/acme/signature_tokens',
  payload: {
    signature_token: {
      name: 'catalog',
      expires_at: '2027-01-01T00:00Z',
      auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    },
  },
} as const;

describe('a session changes something', () => {
  test.each<[string, Record<string, string>, number]>([
    ['a page of this server', { 'sec-fetch-site': 'same-origin' }, 200],
    [
      'a page of this server, over plain http',
      { origin: 'http://localhost', host: 'localhost' },
      200,
    ],
    ['a page of another host of the domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['a page elsewhere', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the address bar', { 'sec-fetch-site': 'none' }, 403],
    ['what is no browser', {}, 403],
    ['a page elsewhere, over plain http', { origin: 'http://evil.example' }, 403],
    ['a page of another port', { origin: 'http://localhost:8080' }, 403],
    ['a page in a sandbox', { origin: 'null' }, 403],
    [
      'a page elsewhere that names this origin',
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost', host: 'localhost' },
      403,
    ],
  ])('from %s: %j is answered %i', async (_, headers, status) => {
    const { send, ana, database } = await openWithAna();
    const { cookie } = ana;
    const answers = [
      await send({ ...newToken, headers: { cookie, ...headers } }),
      await send({
        method: 'POST',
        url: '/api/session',
        headers,
        payload: { email: 'ana@acme.example', password: PASSWORD },
      }),
      await send({ method: 'DELETE', url: '/api/session', headers: { cookie, ...headers } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([status, status, status]);
    const tokens = await database.all('select * from access_tokens');
    expect(tokens).toHaveLength(status === 200 ? 1 : 0);
  });

  test('from the public address, which a proxy may not pass on', async () => {
    const { send, ana } = await openWithAna({ publicUrl: 'https://reports.example.com' });
    const cookie = ana.cookie;
    const from = (origin: string) =>
      send({ ...newToken, headers: { cookie, origin, host: 'inner:4146' } });
    expect((await from('https://reports.example.com')).statusCode).toBe(200);
    expect((await from('https://reports.example.com.evil.example')).statusCode).toBe(403);
  });

  test('by JSON only, which no form of another page can send', async () => {
    const { ana } = await openWithAna();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const payload = JSON.stringify(newToken.payload);
      const answer = await ana.browse({ ...newToken, payload, headers: { 'content-type': type } });
      expect(answer.statusCode).toBe(415);
    }
  });

  test('never by GET', async () => {
    const { server } = await openWithAna();
    const { paths } = server.swagger() as unknown as { paths: Record<string, object> };
    const changing = Object.entries(paths).filter(([path]) => path.startsWith('/api/session'));
    expect(changing.map(([path, methods]) => [path, Object.keys(methods)])).toEqual([
      ['/api/session', ['get', 'post', 'delete']],
      ['/api/session/link', ['post']],
      ['/api/session/password', ['post']],
      ['/api/session/sessions', ['get', 'delete']],
      ['/api/session/sessions/{token}', ['delete']],
    ]);
  });
});

describe('the cookie', () => {
  const plain = /^rollcall-session=[0-9a-f]{64}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/;
  const secure =
    /^__Host-rollcall-session=[0-9a-f]{64}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure$/;

  test.each([
    ['over plain http', {}, {}, plain],
    ['behind a public address of http', { publicUrl: 'http://reports.example.com' }, {}, plain],
    ['behind a public address of https', { publicUrl: 'https://reports.example.com' }, {}, secure],
    ['behind a proxy', { trustProxy: '127.0.0.1' }, { 'x-forwarded-proto': 'https' }, secure],
    ['behind a proxy that is not trusted', {}, { 'x-forwarded-proto': 'https' }, plain],
  ])('%s says what it must', async (_, flags, headers, expected) => {
    const workplace = await openWorkplace(flags);
    const acme = await makeOrganization(workplace.database);
    const { link } = await inviteMember(workplace, acme);
    const answer = await workplace.send({
      method: 'POST',
      url: '/api/session/link',
      headers: { ...fromOwnPage, ...headers },
      payload: { link },
    });
    const [session, browser = ''] = [answer.headers['set-cookie']].flat();
    expect(session).toMatch(expected);
    expect(browser.replace('browser', 'session').replace('15552000', '7776000')).toMatch(expected);
  });

  test('over TLS of its own says what it must', async () => {
    const file = (name: string) => join(import.meta.dirname, '../data/tls', name);
    const files = { tlsCert: file('certificate.pem'), tlsKey: file('key.pem') };
    const workplace = await openWorkplace(files);
    const acme = await makeOrganization(workplace.database);
    const { link } = await inviteMember(workplace, acme);
    const sent = request({
      host: '127.0.0.1',
      port: await listen(workplace.server),
      path: '/api/session/link',
      method: 'POST',
      rejectUnauthorized: false,
      headers: { ...fromOwnPage, 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ link }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.headers['set-cookie']?.[0]).toMatch(secure);
    answer.destroy();
  });

  test('over https is not taken from the name that another host could plant', async () => {
    const { ana, get, send } = await openWithAna({ publicUrl: 'https://reports.example.com' });
    const planted = ana.cookie.replace('__Host-', '');
    const state = await send({ url: '/api/session', headers: { cookie: planted } });
    expect(state.json().session).toBeNull();
    expect((await get('/api/session')).json().session).toBeNull();
  });

  test.each([
    ['twice', (cookie: string) => `${cookie}; ${cookie}`],
    ['in capitals', (cookie: string) => cookie.toUpperCase()],
    ['with a zero byte', (cookie: string) => `${cookie}\0`],
    ['cut', (cookie: string) => cookie.slice(0, -1)],
    ['empty', () => 'rollcall-session='],
    ['without a value', () => 'rollcall-session'],
  ])('sent %s is no session', async (_, change) => {
    const { ana, send } = await openWithAna();
    const answer = await send({
      url: '/api/session/sessions',
      headers: { cookie: change(ana.cookie) },
    });
    expect(answer.statusCode).toBe(401);
  });

  test('among others is found', async () => {
    const { ana, send } = await openWithAna();
    const cookie = `a=b; ${ana.cookie};theme=dark`;
    const answer = await send({ url: '/api/session', headers: { cookie } });
    expect(answer.json().session).not.toBeNull();
  });
});

describe('of the APIs', () => {
  test('a session opens what an API token of the member opens, in the same words', async () => {
    const { ana, get, acme, database } = await openWithAna();
    const basic = await makeBasic(database, acme);
    await putRows(database, acme, lists.reports, [reportRow(1)]);
    for (const url of [
      '/api/acme/reports/0000000000000000000000r1',
      '/api/acme/memberships',
      '/api/acme/reports/none',
      '/api/rival/reports/none',
      '/batch/acme/signature_tokens',
    ]) {
      const [page, program] = [await ana.browse({ url }), await get(url, basic)];
      expect(page.statusCode).toBe(program.statusCode);
      expect(page.body).toBe(program.body);
    }
  });

  test('a credential in the header counts, and not the cookie beside it', async () => {
    const { ana } = await openWithAna();
    const headers = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    const answer = await ana.browse({ url: '/api/acme/memberships', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Basic');
  });

  test('a page is never asked for Basic, for which its browser would open a window', async () => {
    const { send } = await openWithAna();
    for (const headers of [{ cookie: 'theme=dark' }, { 'sec-fetch-mode': 'cors' }]) {
      const answer = await send({ url: '/api/acme/memberships', headers });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Session realm="Rollcall"');
    }
  });

  test('a session lists what a signature token lists, but personal spaces to admins only', async () => {
    const { ana, workplace, acme, database, get } = await openWithAna();
    const bo = await signIn(workplace, acme, { email: 'bo@acme.example', role: 'member' });
    await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)]);
    for (const list of ['reports', 'changes', 'members']) {
      const url = `/batch/acme/${list}`;
      expect((await bo.browse({ url })).body).toBe((await ana.browse({ url })).body);
      const all = `${url}?include_spaces=all`;
      expect((await ana.browse({ url: all })).statusCode).toBe(200);
      expect((await bo.browse({ url: all })).statusCode).toBe(403);
    }
    const [ofAna, ofBo] = [
      await ana.browse({ url: '/batch/acme/reports' }),
      await bo.browse({ url: '/batch/acme/reports' }),
    ];
    expect(ofAna.headers.etag).toBe(ofBo.headers.etag);
    expect((await get('/batch/acme/reports')).headers['www-authenticate']).toBe('Bearer');
    expect((await ana.browse({ url: '/batch/rival/reports' })).statusCode).toBe(404);
  });

  test('what a session is shown is kept by nobody on the way', async () => {
    const { ana } = await openWithAna();
    for (const url of ['/api/session', '/api/acme/memberships', '/api/session/sessions']) {
      const { headers } = await ana.browse({ url });
      expect(headers['cache-control'], url).toMatch(/private|no-store/);
    }
  });
});
