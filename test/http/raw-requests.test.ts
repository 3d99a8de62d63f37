import { describe, expect, test } from 'vitest';
import { exchange, listen, openConnection, readAnswer } from '../support/connection.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  const basic = await makeBasic(workplace.database, acme);
  const port = await listen(workplace.server);
  return { ...workplace, port, bearer, basic };
}

/** A request with a Host, after which the connection is to be closed. */
const request = (line: string, ...headers: string[]) =>
  `${[line, 'Host: localhost', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

function expectError(text: string, status: number, id: string): void {
  const answer = readAnswer(text);
  expect(answer.status).toBe(status);
  expect(answer.headers.toLowerCase()).toContain('content-type: application/json; charset=utf-8');
  expect(answer.headers.toLowerCase()).toContain("content-security-policy: default-src 'none'");
  expect(answer.headers.toLowerCase()).toContain('x-content-type-options: nosniff');
  expect(JSON.parse(answer.body)).toMatchObject({ id, message: expect.any(String) });
}

describe('what is not a request is a 400 in the shape of every error', () => {
  test.each<[string, string | Buffer]>([
    ['words', 'hello there\r\n\r\n'],
    ['an empty method', ' / HTTP/1.1\r\n\r\n'],
    ['HTTP/2 in plain text', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/9.9', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    ['an unknown method', 'LIST /batch/acme/reports HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a lower-case method', 'get / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['zeros', Buffer.alloc(64)],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['a control character', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two Hosts', request('GET / HTTP/1.1', 'Host: elsewhere')],
    ['the same Host twice', request('GET / HTTP/1.1', 'HOST: localhost')],
    ['two Hosts in HTTP/1.0', request('GET / HTTP/1.0', 'Host: elsewhere')],
  ])('%s', async (_, bytes) => {
    const { port } = await openAcme();
    expectError(await exchange(port, bytes), 400, 'bad_request');
  });
});

describe('a request that could be read as two is refused', () => {
  const post = 'POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\n';
  const smuggled = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
  test.each([
    ['both lengths', `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['the other order', `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${post}Content-Length: 0\r\nContent-Length: 44\r\n\r\n`],
    ['a list of lengths', `${post}Content-Length: 0, 44\r\n\r\n`],
    ['a signed length', `${post}Content-Length: +0\r\n\r\n`],
    ['a length in hexadecimal', `${post}Content-Length: 0x0\r\n\r\n`],
    ['a coding that is not the last', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n`],
    ['a misspelt coding', `${post}Transfer-Encoding: xchunked\r\n\r\n`],
    ['a chunk of no number', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('%s', async (_, head) => {
    const { port } = await openAcme();
    const text = await exchange(port, head + smuggled);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expectError(text, 400, 'bad_request');
  });
});

describe('limits', () => {
  test.each([
    [
      'one long header',
      (size: number) => request('GET /nowhere HTTP/1.1', `X: ${'x'.repeat(size)}`),
    ],
    ['a long address', (size: number) => request(`GET /${'x'.repeat(size)} HTTP/1.1`)],
    [
      'many headers',
      (size: number) =>
        request(
          'GET /nowhere HTTP/1.1',
          ...Array.from({ length: size / 20 }, (_, i) => `X${i}: ${'x'.repeat(10)}`),
        ),
    ],
  ])('more than 16 KiB of headers is a 431: %s', async (_, make) => {
    const { port } = await openAcme();
    expectError(await exchange(port, make(20_000)), 431, 'headers_too_large');
    expect(readAnswer(await exchange(port, make(10_000))).status).toBe(404);
  });

  test('the answer arrives although megabytes of headers are still on their way', async () => {
    const { port } = await openAcme();
    const text = await exchange(port, request('GET / HTTP/1.1', `X: ${'x'.repeat(4_000_000)}`));
    expectError(text, 431, 'headers_too_large');
  });

  test('the answer arrives although megabytes of a body are still on their way', async () => {
    const { port, basic } = await openAcme();
    const size = 8 * 1024 * 1024;
    const response = await fetch(`http://127.0.0.1:${port}/batch/acme/signature_tokens`, {
      method: 'POST',
      headers: { authorization: basic, 'content-type': 'application/json' },
      body: ' '.repeat(size),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ id: 'payload_too_large' });
  });
});

describe('unusual requests are answered', () => {
  test('the absolute form', async () => {
    const { port, bearer } = await openAcme();
    const line = 'GET http://reports.example.com/batch/acme/reports?page=2 HTTP/1.1';
    const answer = readAnswer(await exchange(port, request(line, `Authorization: ${bearer}`)));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).pagination.page).toBe(2);
  });

  test('HTTP/0.9, which has no headers and so no credential', async () => {
    const { port } = await openAcme();
    expectError(await exchange(port, 'GET /batch/acme/reports\r\n\r\n'), 401, 'unauthorized');
  });

  test('HTTP/1.0 without a Host', async () => {
    const { port, bearer } = await openAcme();
    const text = `GET /batch/acme/reports HTTP/1.0\r\nAuthorization: ${bearer}\r\n\r\n`;
    expect(readAnswer(await exchange(port, text)).status).toBe(200);
  });

  test('an expectation that nobody knows', async () => {
    const { port, bearer } = await openAcme();
    const headers = [`Authorization: ${bearer}`, 'Expect: the-unexpected'];
    const text = await exchange(port, request('GET /batch/acme/reports HTTP/1.1', ...headers));
    expect(readAnswer(text).status).toBe(200);
  });

  test('an upgrade that nobody offers', async () => {
    const { port, bearer } = await openAcme();
    const text =
      'GET /batch/acme/reports HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade, close\r\n' +
      `Upgrade: websocket\r\nAuthorization: ${bearer}\r\n\r\n`;
    expect(readAnswer(await exchange(port, text)).status).toBe(200);
  });

  test.each(['PROPFIND /batch/acme/reports', 'TRACE /batch/acme/reports'])(
    '%s is an error in the shape of every other',
    async (line) => {
      const { port } = await openAcme();
      expectError(await exchange(port, request(`${line} HTTP/1.1`)), 404, 'not_found');
    },
  );

  test('200 requests at once on one connection, in order', async () => {
    const { port, bearer } = await openAcme();
    const pages = Array.from({ length: 200 }, (_, index) => index + 1);
    const requests = pages.map(
      (page) =>
        `GET /batch/acme/reports?page=${page} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer}\r\n` +
        `${page === 200 ? 'Connection: close\r\n' : ''}\r\n`,
    );
    const text = await exchange(port, requests.join(''));
    const answered = [...text.matchAll(/"pagination":\{"page":(\d+)/g)].map((match) =>
      Number(match[1]),
    );
    expect(answered).toEqual(pages);
  });
});

test('a connection that breaks off anywhere disturbs nobody', async () => {
  const { port, basic, get, bearer } = await openAcme();
  const body = JSON.stringify({ signature_token: {} });
  const whole = `POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (let length = 0; length < whole.length; length += 7) {
    const { socket } = await openConnection(port);
    socket.write(whole.slice(0, length));
    if (length % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
  }
  expect((await get('/batch/acme/reports', bearer)).statusCode).toBe(200);
});
