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
  const server = await startRollcall(['serve', '--port', '0'], {
    ...surroundings,
    until: /listens on/,
  });
  const url = new URL(server.line.replace('Rollcall listens on ', ''));
  return { server, url, api, signature };
}

test('nothing that a client sends as a secret is ever logged, wherever it puts it', async () => {
  const { server, url, api, signature } = await serveAcme();
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
