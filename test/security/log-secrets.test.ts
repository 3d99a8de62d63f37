import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { newDatabaseUrl } from '../support/database-url.ts';
import { readRollcall, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

type Token = {
  token: string;
  secret: string;
  access_key: string;
  access_secret: string;
  bearer: string;
};

/** The real server, saying all that it ever says, and credentials for it. */
async function serveAcme() {
  const databaseUrl = await newDatabaseUrl();
  const surroundings = {
    dataDir: temporaryFolder(),
    env: {
      ROLLCALL_LOG_LEVEL: 'trace',
      ROLLCALL_CORS_ORIGINS: 'https://app.example.com',
      ROLLCALL_SECRET_KEY: 'canary'.repeat(6),
      ...(databaseUrl === undefined ? {} : { ROLLCALL_DATABASE_URL: databaseUrl }),
    },
  };
  const at = ['--organization', 'acme'];
  const run = async (...args: string[]) => {
    const outcome = await runRollcall(args, surroundings);
    expect(outcome.code, outcome.stderr).toBe(0);
  };
  await run('organization', 'create', 'acme', '--name', 'Acme');
  await run('member', 'add', ...at, '--email', 'ana@acme.example', '--role', 'admin');
  const member = ['--member', 'ana@acme.example'];
  const create = (kind: string, ...more: string[]) =>
    readRollcall<Token>([kind, 'create', ...at, '--name', 'catalog', ...more], surroundings);
  const api = await create('api-token', ...member);
  const signature = await create('signature-token');
  const { link } = await readRollcall<{ link: string }>(
    ['member', 'link', 'ana@acme.example', ...at],
    surroundings,
  );
  const server = await startRollcall(['serve', '--port', '0'], {
    ...surroundings,
    until: /listens on/,
  });
  const url = new URL(server.line.replace('Rollcall listens on ', ''));
  return { server, url, api, signature, link: link.split('#link=')[1] as string };
}

test('nothing that a client sends as a secret is ever logged, wherever it puts it', async () => {
  const { server, url, api, signature, link } = await serveAcme();
  const basic = Buffer.from(`${api.token}:${api.secret}`).toString('base64');
  const bearer = signature.bearer.slice('Bearer '.length);
  const secrets = [
    basic,
    bearer,
    api.secret,
    signature.access_key,
    signature.access_secret,
    'canary',
  ];
  const json = { 'content-type': 'application/json' };
  const authorizations = [
    signature.bearer,
    `Basic ${basic}`,
    `Bearer ${basic}`,
    `Bearer ${Buffer.from('canary:canary:canary').toString('base64')}`,
    'Bearer canary',
    'canary',
  ];
  const targets = [
    '/batch/acme/reports',
    '/batch/acme/reports?page=canary',
    '/batch/acme/reports?token=canary&per_page=canary&include_spaces=canary',
    '/batch/canary/reports',
    '/batch/acme/signature_tokens/canary',
    '/api/acme/reports/canary?canary=canary',
    '/canary/canary?canary=canary',
    '/batch/%zzcanary/reports',
    '/batch/%00canary/reports',
    `/batch/acme/reports?authorization=${encodeURIComponent(signature.bearer)}`,
    `/${bearer}`,
  ];
  for (const authorization of authorizations) {
    for (const target of targets) {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PATCH']) {
        await fetch(`${url.origin}${target}`, {
          method,
          headers: {
            authorization,
            origin: 'https://app.example.com',
            cookie: 'session=canary',
            'x-api-key': 'canary',
            'user-agent': 'canary',
            referer: 'https://canary.example/canary',
          },
        });
      }
    }
  }
  const bodies = [
    '{"signature_token":{"name":"canary","secret":"canary"}}',
    '{"signature_token":{"name":"canary canary","expires_at":"canary","auth_scope":"canary"}}',
    '{"canary":"canary"',
    'canary',
    ' '.repeat(1_100_000).concat('canary'),
  ];
  for (const body of bodies) {
    for (const headers of [json, { 'content-type': 'canary/canary' }]) {
      await fetch(`${url.origin}/batch/acme/signature_tokens`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}`, ...headers },
        body,
      });
    }
  }
  const made = await fetch(`${url.origin}/batch/acme/signature_tokens`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, ...json },
    body: JSON.stringify({
      signature_token: {
        name: 'canary one',
        expires_at: '9999-01-01T00:00Z',
        auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
      },
    }),
  });
  expect(made.status).toBe(200);
  const shown = (await made.json()) as Token;
  secrets.push(shown.access_key, shown.access_secret);

  const asPage = (method: string, path: string, payload?: object, cookie = '') =>
    fetch(`${url.origin}${path}`, {
      method,
      headers: { ...(payload ? json : {}), 'sec-fetch-site': 'same-origin', cookie },
      ...(payload ? { body: JSON.stringify(payload) } : {}),
    });
  const password = 'canary canary canary';
  const email = 'ana@acme.example';
  await asPage('POST', '/api/session/link', { link: 'canary', password });
  await asPage('POST', '/api/session/link', { link, password: 'canary' });
  const begun = await asPage('POST', '/api/session/link', { link, password });
  expect(begun.status).toBe(200);
  const [cookie = ''] = String(begun.headers.get('set-cookie')).split(';');
  secrets.push(link, cookie.slice(cookie.indexOf('=') + 1));
  await asPage('POST', '/api/session', { email, password: 'canary' });
  await asPage('POST', '/api/session', { email: 'canary@canary.example', password });
  await asPage('POST', '/api/session', { email, password });
  await asPage('GET', '/api/acme/audit_log?member=canary', undefined, cookie);
  await asPage('GET', '/sign-in?link=canary#link=canary', undefined, cookie);
  await asPage('GET', '/auth/oidc/callback?code=canary&state=canary', undefined, cookie);
  const change = { current_password: password, new_password: `${password} canary` };
  await asPage('POST', '/api/session/password', change, cookie);
  const invited = await asPage(
    'POST',
    '/api/acme/invitations',
    { invitation: { email: 'canary@acme.example' } },
    cookie,
  );
  expect(invited.status).toBe(200);
  const invitation = (await invited.json()) as { link: string };
  secrets.push(invitation.link.split('#link=')[1] as string);

  const source = await fetch(`${url.origin}/api/acme/data_sources`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, ...json },
    body: JSON.stringify({
      data_source: {
        name: 'Warehouse',
        adapter: 'jdbc:postgresql',
        host: '127.0.0.1',
        port: 1,
        database: 'canary',
        username: 'canary',
        password: 'canary',
      },
    }),
  });
  expect(source.status).toBe(201);
  const { _links } = (await source.json()) as { _links: { test: { href: string } } };
  await fetch(`${url.origin}${_links.test.href}`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
  });

  const raw = [
    'canary canary canary\r\n\r\n',
    `GET /canary HTTP/1.1\r\nHost: canary\r\nAuthorization: ${signature.bearer}\r\nBad canary\r\n\r\n`,
    `GET /canary HTTP/1.1\r\nHost: canary\r\nX: ${'canary'.repeat(5_000)}\r\n\r\n`,
    `POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${basic}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"canary`,
  ];
  for (const bytes of raw) {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.end(bytes);
    socket.resume();
    await once(socket, 'close');
  }

  const { stdout, stderr } = await server.stop();
  const lines = stderr.trim().split('\n');
  expect(lines.length).toBeGreaterThan(authorizations.length * targets.length);
  expect(stderr).toContain('"route":"/batch/:organization/reports"');
  for (const line of [...lines, stdout]) {
    for (const secret of secrets) expect(line).not.toContain(secret);
  }
  expect(stderr).not.toContain('"status":5');
});
