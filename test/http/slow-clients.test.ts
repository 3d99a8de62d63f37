import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { addSignatureTokenRoutes } from '../../src/access-tokens/signature-token-routes.ts';
import { TokenHolders } from '../../src/access-tokens/token-holders.ts';
import { BackgroundWork } from '../../src/background-work.ts';
import { systemClock } from '../../src/clock.ts';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { SessionHolders } from '../../src/sessions/session-holders.ts';
import { listen, openConnection, readAnswer } from '../support/connection.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const REQUEST_TIMEOUT_MS = 400;

/** A server with the routes of signature tokens that waits less long for requests. */
async function openImpatientAcme() {
  const { database } = await openWorkplace();
  const basic = await makeBasic(database, await makeOrganization(database));
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const server = await createHttpServer(
    { ...options, logLevel: 'silent', requestTimeoutMs: REQUEST_TIMEOUT_MS },
    (app) =>
      addSignatureTokenRoutes(app, {
        database,
        authentication: {
          tokenHolders: new TokenHolders(database),
          sessionHolders: new SessionHolders({
            database,
            clock: systemClock,
            publicUrl: undefined,
            idleDays: 14,
            background: new BackgroundWork(() => undefined),
          }),
          clock: systemClock,
        },
        clock: systemClock,
        identifiers: randomIdentifiers,
      }),
  );
  onTestFinished(() => server.close());
  return { port: await listen(server), basic };
}

const head = (basic: string) =>
  `POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic}\r\n` +
  'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n';

test.each<[string, (basic: string) => string]>([
  ['says nothing', () => ''],
  ['stops in the request line', () => 'GET /batch/ac'],
  ['stops in the headers', (basic) => head(basic).slice(0, 90)],
  ['stops in the body', (basic) => `${head(basic)}{"signature_token":`],
])('a client that %s is answered 408 and hung up on', async (_, text) => {
  const { port, basic } = await openImpatientAcme();
  const { socket, answer } = await openConnection(port);
  socket.write(text(basic));
  const { status, body } = readAnswer(await answer);
  expect(status).toBe(408);
  expect(JSON.parse(body)).toEqual({
    id: 'request_timeout',
    message: 'The request took too long to arrive.',
  });
});

test('a client that sends a byte now and then gets no more time than another', async () => {
  const { port, basic } = await openImpatientAcme();
  const { socket, answer } = await openConnection(port);
  const started = performance.now();
  const dripping = (async () => {
    for (const byte of head(basic)) {
      if (socket.destroyed) return;
      socket.write(byte);
      await sleep(20);
    }
  })();
  expect(readAnswer(await answer).status).toBe(408);
  expect(performance.now() - started).toBeLessThan(FAR_TOO_LONG_MS);
  await dripping;
});

test('the server that is served waits 30 seconds for a request', async () => {
  const { server } = await openWorkplace();
  expect(server.server.requestTimeout).toBe(30_000);
  expect(server.server.headersTimeout).toBe(30_000);
});

test('clients that do not read their answers disturb nobody', async () => {
  const { server, database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const rows = Array.from({ length: 1000 }, (_, i) =>
    reportRow(i + 1, { description: 'x'.repeat(2_000) }),
  );
  await putRows(database, acme, lists.reports, rows);
  const bearer = await makeBearer(database, acme);
  const port = await listen(server);
  for (let client = 0; client < 20; client++) {
    const { socket } = await openConnection(port);
    socket.pause();
    const request = `GET /batch/acme/reports HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer}\r\n\r\n`;
    socket.write(request.repeat(50));
  }
  const url = `http://127.0.0.1:${port}/batch/acme/reports?per_page=1`;
  const response = await fetch(url, { headers: { authorization: bearer } });
  expect(response.status).toBe(200);
  // What one client leaves unread holds back that client: the server does not make answers ahead for it.
  expect(process.memoryUsage().rss).toBeLessThan(1.5 * 1024 ** 3);
});
