import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import type { EndedRequest } from '../../src/http/observe-requests.ts';
import { exchange, listen } from '../support/connection.ts';
import { openListening } from '../support/listening.ts';

const LIST = '/batch/acme/reports';

/** A server that has an answer for every request but those for /made. */
async function openServer() {
  const ended: EndedRequest[] = [];
  const given = {
    route: '/given/:name',
    status: 200,
    headers: ['etag', '"e"', 'content-type', 'text/plain'],
    body: Buffer.from('given'),
  };
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const server = await createHttpServer(
    { ...options, logLevel: 'silent' },
    (app) => {
      app.get('/*', async () => 'made');
    },
    {
      observers: [() => (request) => void ended.push(request)],
      findAnswer: ({ url }) => (url === '/made' ? undefined : given),
    },
  );
  onTestFinished(() => server.close());
  await server.ready();
  return { server, ended };
}

test('what was found is the answer, with an id, and is observed like every request', async () => {
  const { server, ended } = await openServer();
  const port = await listen(server);
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-request-id': 'mine' } });
  const given = await ask('/given/one');
  expect(await given.text()).toBe('given');
  expect(Object.fromEntries(given.headers)).toMatchObject({
    etag: '"e"',
    'content-type': 'text/plain',
    'content-length': '5',
    'x-request-id': 'mine',
  });
  expect(await (await ask('/made')).text()).toBe('made');
  await expect.poll(() => ended).toHaveLength(2);
  expect(ended).toMatchObject([
    { id: 'mine', route: '/given/:name', method: 'GET', status: 200, isAborted: false },
    { id: 'mine', route: '/*', method: 'GET', status: 200, isAborted: false },
  ]);
});

test('requests sent at once on one connection are answered in their order', async () => {
  const { server } = await openServer();
  const requests = ['/made', '/given/1', '/given/2', '/made']
    .map((path, index, { length }) => {
      const connection = index === length - 1 ? 'Connection: close\r\n' : '';
      return `GET ${path} HTTP/1.1\r\nHost: x\r\n${connection}\r\n`;
    })
    .join('');
  const answers = (await exchange(await listen(server), requests))
    .split('HTTP/1.1 200 OK')
    .slice(1);
  expect(answers).toHaveLength(4);
  expect(answers[0]).toMatch(/made$/);
  expect(answers[3]).toMatch(/made$/);
});

test.each<[string, Parameters<typeof openListening>[0], Record<string, string>]>([
  ['as it is', {}, {}],
  ['encoded', {}, { 'accept-encoding': 'gzip' }],
  ['that counts', { metricsToken: 'a-token-of-the-metrics' }, {}],
  ['for other origins', { corsOrigins: 'https://a.example' }, { origin: 'https://a.example' }],
  ['for other origins, to none', { corsOrigins: 'https://a.example' }, {}],
  ['for other origins, to another', { corsOrigins: 'https://a.example' }, { origin: 'https://b' }],
  ['with a limit', { rateLimit: '100' }, {}],
])(
  'a server %s gives the same answer the second time, and the third',
  async (_, flags, headers) => {
    const { send, bearer } = await openListening(flags);
    const ask = async (more: Record<string, string> = {}) => {
      const request = { url: LIST, headers: { authorization: bearer, ...headers, ...more } };
      const answer = await send(request);
      const { date, ratelimit, 'x-request-id': id, ...same } = answer.headers;
      return { id, answer: { status: answer.statusCode, same, bytes: answer.rawPayload } };
    };
    const first = await ask();
    const [second, third] = [await ask(), await ask()];
    expect(second.answer).toEqual(first.answer);
    expect(third.answer).toEqual(first.answer);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);

    const known = { 'if-none-match': String(first.answer.same.etag) };
    const unchanged = await ask(known);
    expect(unchanged.answer.status).toBe(304);
    expect((await ask(known)).answer).toEqual(unchanged.answer);
  },
);
