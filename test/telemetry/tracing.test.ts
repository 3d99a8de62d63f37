import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRollcall, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

const sdk = fileURLToPath(new URL('print-spans.ts', import.meta.url));
const TRACE = 'f9ed4675f1c53513c61a3b3b4e25b4c0';
const CALLER = '5f467fe7bf42676c';

test('with an SDK loaded, requests are spans of their caller’s trace, and hold the writes to the store', async () => {
  const dataDir = temporaryFolder();
  const env = { NODE_OPTIONS: `--import ${sdk}` };
  const at = ['--organization', 'acme'];
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], { dataDir });
  const ana = ['--email', 'ana@acme.example', '--role', 'admin'];
  await runRollcall(['member', 'add', ...at, ...ana], { dataDir });
  const { token, secret } = await readRollcall<{ token: string; secret: string }>(
    ['api-token', 'create', ...at, '--member', 'ana@acme.example', '--name', 'test'],
    { dataDir },
  );
  const server = await startRollcall(['serve', '--port', '0'], {
    dataDir,
    env,
    until: /listens on/,
  });
  const url = server.line.replace('Rollcall listens on ', '');
  const response = await fetch(`${url}/batch/acme/signature_tokens`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`,
      'content-type': 'application/json',
      traceparent: `00-${TRACE}-${CALLER}-01`,
      'x-request-id': 'mine',
    },
    body: JSON.stringify({
      signature_token: {
        name: 'catalog',
        expires_at: '9999-01-01T00:00Z',
        auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
      },
    }),
  });
  expect(response.status).toBe(200);
  const { stdout } = await server.stop();

  const [request] = spansIn(stdout, 'POST /batch/:organization/signature_tokens');
  expect(request).toContain(`traceId: '${TRACE}'`);
  expect(request).toContain(`spanId: '${CALLER}'`);
  expect(request).toContain(`'http.response.status_code': 200`);
  expect(request).toContain(`'rollcall.request_id': 'mine'`);
  const id = /^ {2}id: '(\w+)'/m.exec(request ?? '')?.[1];
  const [write] = spansIn(stdout, 'store transaction').filter((span) => span.includes(TRACE));
  expect(write).toContain(`spanId: '${id}'`);
  expect(stdout).not.toContain(secret);
});

/** The printed spans of this name. */
function spansIn(stdout: string, name: string): string[] {
  return stdout.split(/^(?=\{$)/m).filter((span) => span.includes(`name: '${name}'`));
}
