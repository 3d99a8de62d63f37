import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { beginRequest, CONTINUE, openConnection, readAnswer } from '../support/connection.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { readRollcall, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** The real program with an organization that has reports, a bearer and an admin's API token. */
async function serveAcme() {
  const dataDir = temporaryFolder();
  const at = ['--organization', 'acme'];
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], { dataDir });
  await runRollcall(['generate', ...at, '--reports', '2000'], { dataDir });
  const ana = ['--email', 'ana@acme.example'];
  await runRollcall(['member', 'add', ...at, ...ana, '--role', 'admin'], { dataDir });
  const named = [...at, '--name', 'test'];
  const { bearer } = await readRollcall<{ bearer: string }>(
    ['signature-token', 'create', ...named],
    { dataDir },
  );
  const { token, secret } = await readRollcall<{ token: string; secret: string }>(
    ['api-token', 'create', ...named, '--member', 'ana@acme.example'],
    { dataDir },
  );
  const server = await startRollcall(['serve', '--port', '0', '--log-level', 'warn'], {
    dataDir,
    until: /listens on/,
  });
  const url = server.line.replace('Rollcall listens on ', '');
  const basic = `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
  return { server, url, port: Number(new URL(url).port), bearer, basic };
}

test('SIGTERM under load cuts no request, and refuses new connections', async () => {
  const { server, url, bearer } = await serveAcme();
  let isStopped = false;
  let answers = 0;
  const failures: string[] = [];

  /** Asks on one connection after another until none is taken any more. */
  async function crawl(client: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let page = 1; ; page = (page % 20) + 1) {
      try {
        const request = get(`${url}/batch/acme/reports?per_page=100&page=${page}`, {
          agent,
          headers: { authorization: bearer },
        });
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        let length = 0;
        for await (const chunk of response) length += chunk.length;
        expect(response.statusCode).toBe(200);
        expect(length).toBe(Number(response.headers['content-length']));
        answers++;
        // Now and then a client has something else to do, and its connection is idle.
        if (page === client) await sleep(50);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ECONNREFUSED' || !isStopped) failures.push(`${code} ${message}`);
        agent.destroy();
        return;
      }
    }
  }

  const crawls = Array.from({ length: 16 }, (_, client) => crawl(client));
  await expect.poll(() => answers).toBeGreaterThan(200);
  isStopped = true;
  const { code, stderr } = await server.stop('SIGTERM');
  await Promise.all(crawls);
  expect(failures).toEqual([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a request that is running when the server stops is answered; one that never ends does not keep it', async () => {
  const { server, port, basic } = await serveAcme();
  const body = JSON.stringify({
    signature_token: {
      name: 'catalog',
      expires_at: '9999-01-01T00:00Z',
      auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    },
  });
  const head =
    `POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const slow = await openConnection(port);
  const endless = await openConnection(port);
  await beginRequest(slow, head);
  await beginRequest(endless, head);
  const started = performance.now();
  const stopped = server.stop('SIGTERM');
  await sleep(2_000);
  slow.socket.write(body);
  const { status, headers } = readAnswer((await slow.answer).slice(CONTINUE.length));
  expect(status).toBe(200);
  expect(headers.toLowerCase()).toContain('connection: close');
  expect((await stopped).code).toBe(0);
  expect(await endless.answer).toBe(CONTINUE);
  expect(performance.now() - started).toBeLessThan(FAR_TOO_LONG_MS);
});
