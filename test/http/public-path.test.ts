import { describe, expect, test } from 'vitest';
import { RestClient, RollcallClient } from '../../src/client/index.ts';
import { readConfig } from '../../src/config.ts';
import { lists } from '../../src/inventory/lists.ts';
import { openListening } from '../support/listening.ts';
import { CLIENT, openOidcProvider } from '../support/open-oidc-provider.ts';
import { fromOwnPage, inviteMember, PASSWORD } from '../support/pages.ts';
import { openPathProxy, type PathPolicy } from '../support/path-proxy.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeBasic, openOwnWorkplace, temporaryFolder } from '../support/workplace.ts';

const PATH = '/tools/rollcall';
const policies: PathPolicy[] = ['takes its path off', 'leaves its path on'];

async function openBehind(policy: PathPolicy, flags: Record<string, string> = {}, path = PATH) {
  const proxy = await openPathProxy(policy);
  const server = await behind(proxy, flags, path);
  return { proxy, ...server };
}

async function behind(
  proxy: Awaited<ReturnType<typeof openPathProxy>>,
  flags: Record<string, string>,
  path: string,
) {
  const base = proxy.origin + path;
  const listening = await openListening({ publicUrl: `${base}/`, ...flags });
  proxy.hand(path, listening.url);
  const { database, acme } = listening;
  const rows = [1, 2, 3, 4, 5].map((number) =>
    reportRow(number, { report_url: `/api/acme/reports/${number}` }),
  );
  await putRows(database, acme, lists.reports, rows);
  const authorization = await makeBasic(database, acme);
  const ask = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(new URL(address, base), { headers, method, redirect: 'manual' });
  return { ...listening, base, authorization, ask };
}

/** Every `href` in an answer, wherever it stands. */
function linksIn(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([name, value]) =>
    name === 'href' && typeof value === 'string' ? [value] : linksIn(value),
  );
}

describe.each(policies)('behind a proxy that %s', (policy) => {
  test('every file of a page is found, however deep the page is', async () => {
    const { base, ask } = await openBehind(policy);
    for (const page of [base, `${base}/`, `${base}/acme/reports/1/edit`, `${base}/sign-in?x=1`]) {
      const answer = await ask(page, { accept: 'text/html' });
      expect(answer.status).toBe(200);
      const html = await answer.text();
      const files = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file = '']) => file);
      expect(files.length).toBeGreaterThan(4);
      for (const file of files) {
        expect(file).toMatch(new RegExp(`^${PATH}/`));
        const found = await ask(file);
        expect(found.status, file).toBe(200);
        expect(await found.text()).not.toBe('another application');
      }
    }
  });

  test('the reference and the OpenAPI document name where they are', async () => {
    const { base, ask } = await openBehind(policy);
    const docs = await (await ask(`${base}/docs`)).text();
    const links = [...docs.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links).toContain(`${PATH}/docs/reference.js`);
    for (const link of links) expect((await ask(link)).status, link).toBe(200);
    const { servers } = (await (await ask(`${base}/openapi.json`)).json()) as {
      servers: unknown;
    };
    expect(servers).toEqual([{ url: base }]);
  });

  test('health is found, and so are refusals of methods', async () => {
    const { base, url, ask } = await openBehind(policy);
    expect((await ask(`${base}/healthz`)).status).toBe(200);
    expect((await ask(`${base}//healthz`)).status).toBe(200);
    expect((await fetch(`${url}/${PATH}//healthz`)).status).toBe(200);
    expect((await ask(`${base}/readyz`)).status).toBe(200);
    expect((await ask(`${base}/healthz`, {}, 'HEAD')).status).toBe(200);
    expect((await ask(`${base}/healthz`, {}, 'OPTIONS')).status).toBe(204);
    expect((await ask(`${base}/healthz`, {}, 'DELETE')).status).toBe(405);
    expect((await ask(`${base}/nowhere`)).status).toBe(404);
  });

  test('a list is read by its links, by clients that resolve them and by clients that append them', async () => {
    const { base, ask, bearer } = await openBehind(policy);
    for (const next of [
      (href: string) => new URL(href, base).href,
      (href: string) => base + href,
    ]) {
      const names: string[] = [];
      let page: string | undefined = `${base}/batch/acme/reports?per_page=2`;
      while (page !== undefined) {
        const answer = await ask(page, { authorization: bearer });
        expect(answer.status, page).toBe(200);
        const { reports, _links } = (await answer.json()) as {
          reports: { name: string }[];
          _links: { next_page?: { href: string }; prev_page: { href: string } };
        };
        names.push(...reports.map(({ name }) => name));
        expect(_links.prev_page.href).toMatch(new RegExp(`^${PATH}/batch/acme/reports\\?`));
        page = _links.next_page && next(_links.next_page.href);
      }
      expect(names).toHaveLength(5);
    }
  });

  test('every link of the REST API leads on', async () => {
    const { ask, authorization } = await openBehind(policy);
    const seeds = ['verify', 'acme', 'account'];
    for (const list of [
      'memberships',
      'spaces',
      'collections',
      'data_sources',
      'reports',
      'schedules',
    ])
      seeds.push(`acme/${list}?per_page=1`);
    for (const one of ['roll_call', 'roll_call/trend', 'settings', 'definitions'])
      seeds.push(`acme/${one}`);
    const seen = new Set(seeds.map((seed) => `${PATH}/api/${seed}`));
    for (const link of seen) {
      const answer = await ask(link, { authorization });
      const body = (await answer.json()) as { message?: string };
      expect(body.message, link).not.toBe('request path not recognized');
      for (const href of linksIn(body)) {
        expect(href, link).toMatch(new RegExp(`^${PATH}/(api|acme)(/|$)`));
        if (href.includes('{')) continue;
        if (href.startsWith(`${PATH}/api/`)) seen.add(href);
        else expect((await ask(href, { accept: 'text/html' })).status, href).toBe(200);
      }
    }
    // The pages of a list, and what belongs to a report.
    expect(seen).toContain(`${PATH}/api/acme/reports?page=2&per_page=1`);
    expect(seen).toContain(`${PATH}/api/acme/reports/000000000001/queries`);
    expect(seen.size).toBeGreaterThan(40);
  });

  test('our own client and commands read it', async () => {
    const { base, bearer, authorization } = await openBehind(policy);
    const client = new RollcallClient({ url: base, organization: 'acme', bearer });
    const rows = [];
    for await (const report of client.reports({ perPage: 2 })) rows.push(report);
    expect(rows).toHaveLength(5);

    const [token = '', secret = ''] = atob(authorization.slice('Basic '.length)).split(':');
    const rest = new RestClient({ url: `${base}/`, apiToken: { token, secret } });
    type Linked = { _links: { account: { href: string } } };
    const { _links } = await rest.get<Linked>('/api/verify');
    expect(await rest.get(_links.account.href)).toMatchObject({ username: 'acme' });

    const surroundings = { dataDir: temporaryFolder(), env: { ROLLCALL_BEARER: bearer } };
    const crawled = await runRollcall(['crawl', `${base}/batch/acme/reports`], surroundings);
    expect(crawled.stdout.trim().split('\n')).toHaveLength(5);
    await readRollcall(['organization', 'create', 'copy', '--name', 'Copy'], surroundings);
    const args = ['import', '--organization', 'copy', '--from', `${base}/batch/acme`];
    await readRollcall(args, surroundings);
  });

  test('a link signs in, the cookie is for that path alone, and an answer of the server invites by such a link', async () => {
    const server = await openBehind(policy);
    const { base, acme } = server;
    const { link } = await inviteMember(server, acme);
    const answer = await fetch(`${base}/api/session/link`, {
      method: 'POST',
      headers: { ...fromOwnPage, 'content-type': 'application/json' },
      body: JSON.stringify({ link, password: PASSWORD }),
    });
    expect(answer.status).toBe(200);
    const [cookie = '', ...attributes] = String(answer.headers.get('set-cookie')).split('; ');
    expect(cookie).toMatch(/^rollcall-session\.tools\.rollcall=[0-9a-f]{64}$/);
    expect(attributes).toContain(`Path=${PATH}`);
    const own = { ...fromOwnPage, cookie };
    const state = await fetch(`${base}/api/session`, { headers: own });
    expect(await state.json()).toMatchObject({ session: { organization: { username: 'acme' } } });
    const invited = await fetch(`${base}/api/acme/invitations`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json' },
      body: JSON.stringify({ invitation: { email: 'bo@acme.example', role: 'member' } }),
    });
    expect(await invited.json()).toMatchObject({
      link: expect.stringMatching(new RegExp(`^${base}/sign-in#link=[0-9a-f]{64}$`)),
    });
    const out = await fetch(`${base}/api/session`, { method: 'DELETE', headers: own });
    expect(out.headers.get('set-cookie')).toContain(`Path=${PATH}; Max-Age=0`);
  });

  test('an OpenID provider sends people back to where they were', async () => {
    const proxy = await openPathProxy(policy);
    const base = proxy.origin + PATH;
    const oidc = await openOidcProvider(`${base}/auth/oidc/callback`);
    const { database, time, acme, ask } = await behind(
      proxy,
      {
        oidcIssuer: oidc.issuer,
        oidcClientId: CLIENT.clientId,
        oidcClientSecret: CLIENT.clientSecret,
      },
      PATH,
    );
    await inviteMember({ database, time }, acme);
    const go = async (subject: string, email: string) => {
      oidc.people.set(subject, { email, email_verified: true });
      const start = await ask(`${base}/auth/oidc/start?page=/acme/reports/1`);
      const [cookie = ''] = String(start.headers.get('set-cookie')).split(';');
      expect(start.headers.get('set-cookie')).toContain(`Path=${PATH};`);
      const back = await oidc.visit(String(start.headers.get('location')), subject);
      expect(back).toMatch(new RegExp(`^${base}/auth/oidc/callback\\?`));
      return ask(back, { cookie });
    };
    const arrived = await go('ana', 'ana@acme.example');
    expect(arrived.status).toBe(302);
    expect(arrived.headers.get('location')).toBe(`${PATH}/acme/reports/1`);
    expect(arrived.headers.getSetCookie().join()).toContain('rollcall-session.tools.rollcall=');
    const refused = await go('eve', 'eve@other.example');
    expect(refused.headers.get('location')).toBe(`${PATH}/sign-in?error=not_a_member`);
  });

  test('two servers of one host do not take each other’s sessions, one below the other either', async () => {
    const { proxy, ...first } = await openBehind(policy);
    const second = await behind(proxy, {}, '/other');
    const signIn = async ({ base, ...server }: typeof second) => {
      const { link } = await inviteMember(server, server.acme);
      const answer = await fetch(`${base}/api/session/link`, {
        method: 'POST',
        headers: { ...fromOwnPage, 'content-type': 'application/json' },
        body: JSON.stringify({ link, password: PASSWORD }),
      });
      return String(answer.headers.get('set-cookie')).split(';')[0] as string;
    };
    const cookie = `${await signIn(first)}; ${await signIn(second)}; rollcall-session=${'0'.repeat(64)}`;
    for (const { base } of [first, second]) {
      const state = await fetch(`${base}/api/session`, { headers: { ...fromOwnPage, cookie } });
      expect(await state.json()).toMatchObject({ session: { member: { role: 'admin' } } });
    }
  });
});

test('whoever comes past the proxy finds the APIs as well', async () => {
  const { url, bearer } = await openBehind('leaves its path on');
  for (const path of ['', PATH, PATH + PATH]) {
    const answer = await fetch(`${url}${path}/batch/acme/reports`, {
      headers: { authorization: bearer },
    });
    expect(answer.status).toBe(200);
  }
  // What only begins alike is another path.
  expect((await fetch(`${url}${PATH}s/batch/acme/reports`)).status).toBe(404);
  expect((await fetch(`${url}/tools/batch/acme/reports`)).status).toBe(404);
});

test('over https, the cookie says so in its name, and is for that path', async () => {
  const server = await openListening({ publicUrl: 'https://reports.example/a/b.c' });
  const { link } = await inviteMember(server, server.acme);
  const answer = await fetch(`${server.url}/a/b.c/api/session/link`, {
    method: 'POST',
    headers: { ...fromOwnPage, 'content-type': 'application/json' },
    body: JSON.stringify({ link, password: PASSWORD }),
  });
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Secure-rollcall-session\.a\.b\.c=[0-9a-f]{64}; Path=\/a\/b\.c; .*; Secure$/,
  );
});

test('the page of a list has another ETag below another path, for its links are others', async () => {
  const first = await openListening();
  const { database, acme, bearer, config } = first;
  await putRows(database, acme, lists.reports, [reportRow(1)]);
  const { dataDir } = config;
  const below = await openOwnWorkplace({ dataDir, publicUrl: 'https://a.example/below' });
  const pages = [first, below].map(({ get }) => get('/batch/acme/reports', bearer));
  const [plain, other] = await Promise.all(pages);
  expect(plain?.headers.etag).toBeDefined();
  expect(other?.json().reports).toEqual(plain?.json().reports);
  expect(other?.headers.etag).not.toBe(plain?.headers.etag);
});

test('links stand in the answers’ schemas only where they are given the path', async () => {
  const { server } = await openListening();
  type Schema = { [keyword: string]: unknown };
  const document = server.swagger() as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, Schema> }>>;
    components: { schemas: Record<string, Schema> };
  };
  const wrong: string[] = [];
  let right = 0;
  /** Whether what is here is reached by HAL: the answer itself, and what it embeds, one in the other. */
  const look = (schema: unknown, at: string, isHal: boolean): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { $ref, properties, items, anyOf, oneOf, allOf } = schema as Record<
      string,
      Schema & unknown[]
    >;
    if (typeof $ref === 'string') {
      if (at.length > 400) return;
      const name = ($ref as string).split('/').at(-1) as string;
      look(document.components.schemas[name], `${at}>${name}`, isHal);
      return;
    }
    for (const some of [anyOf, oneOf, allOf]) for (const one of some ?? []) look(one, at, isHal);
    if (items) look(items, `${at}[]`, isHal);
    for (const [name, property] of Object.entries(properties ?? {})) {
      if (name === '_links') {
        if (isHal) right++;
        else wrong.push(at);
      } else if (name === '_embedded') {
        const embedded = (property as { properties?: Record<string, unknown> }).properties ?? {};
        for (const [of, one] of Object.entries(embedded)) look(one, `${at}.${of}`, isHal);
      } else look(property, `${at}.${name}`, false);
    }
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const { content = {} } of Object.values(responses)) {
        for (const { schema } of Object.values(content as Record<string, Schema>))
          look(schema, `${method} ${path} `, true);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThan(50);
});

describe('a public URL', () => {
  const read = (url: string) =>
    readConfig({ environment: { ROLLCALL_PUBLIC_URL: url }, directory: '/' }).publicUrl?.href;

  test.each([
    'https://reports.example',
    'https://reports.example/',
    'https://reports.example/rollcall',
    'https://reports.example/rollcall/',
    'http://reports.example:8080/a/b-c_d~e.f/',
    'https://reports.example/apis/docs',
  ])('may be %s', (url) => {
    expect(read(url)).toBe(new URL(url).href);
  });

  test.each<[string, RegExp]>([
    ['reports.example/rollcall', /it must be a URL such as/],
    ['ftp://reports.example/', /it must be a URL such as/],
    ['https://reports.example/?a=b', /without a user, a password, \? and #/],
    ['https://reports.example/#a', /without a user, a password, \? and #/],
    ['https://ana:secret@reports.example/', /without a user, a password, \? and #/],
    ['https://reports.example//rollcall', /its path must be words/],
    ['https://reports.example/a b', /its path must be words/],
    ['https://reports.example/%2e%2e%2f', /its path must be words/],
    ['https://reports.example/a;b="c"', /its path must be words/],
    ['https://reports.example/.well-known', /its path must be words/],
    ['https://reports.example/api', /must not begin with \/api/],
    ['https://reports.example/batch/rollcall', /must not begin with \/batch/],
    ['https://reports.example/docs', /must not begin with \/docs/],
  ])('is not %s, which is said at the start', (url, message) => {
    expect(() => read(url)).toThrow(message);
  });
});
