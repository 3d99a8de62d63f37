import { once } from 'node:events';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import type { Answer, FindAnswer } from '../../src/http/fast-path.ts';
import type { EndedRequest, RequestObserver } from '../../src/http/observe-requests.ts';
import { exchange, listen, openConnection } from '../support/connection.ts';
import { openListening } from '../support/listening.ts';

const LIST = '/batch/acme/reports';

const given: Answer = {
  route: '/given/:name',
  status: 200,
  headers: ['etag', '"e"', 'content-type', 'text/plain', 'content-length', '5'],
  body: Buffer.from('given'),
};

/** A server that has an answer for every request but those for /made. */
async function openServer(
  findAnswer: FindAnswer = ({ url }) => (url === '/made' ? undefined : given),
) {
  const begun: (string | undefined)[] = [];
  const ended: EndedRequest[] = [];
  const observer: RequestObserver = ({ url }) => {
    begun.push(url);
    return (request) => void ended.push(request);
  };
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const server = await createHttpServer(
    { ...options, logLevel: 'silent' },
    (app) => {
      app.get('/*', async () => 'made');
    },
    { observers: [observer], findAnswer },
  );
  onTestFinished(() => server.close());
  await server.ready();
  return { server, begun, ended };
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
    { id: 'mine', route: '/given/:name', method: 'GET', status: 200, cutOff: undefined },
    { id: 'mine', route: '/*', method: 'GET', status: 200, cutOff: undefined },
  ]);
});

test('what an answer holds is given back once, whether it is sent, left to a route or asked for by a client that has gone', async () => {
  let released = 0;
  const asked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const { server, ended } = await openServer(async ({ url }) => {
    if (url === '/gone') {
      asked.resolve();
      await gone.promise;
    }
    const body = url === '/left' ? Readable.from(['made']) : ['gi', Buffer.from('ven')];
    return { ...given, body, release: () => void released++ };
  });
  const port = await listen(server);
  for (const path of ['/given/one', '/left']) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(await answer.text()).toBe(path === '/left' ? 'made' : 'given');
  }
  await expect.poll(() => released).toBe(2);
  const { socket } = await openConnection(port);
  socket.write('GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await asked.promise;
  const connections = promisify(server.server.getConnections.bind(server.server));
  const before = (await connections()) ?? 0;
  socket.destroy();
  await expect.poll(() => connections()).toBe(before - 1);
  gone.resolve();
  await expect.poll(() => released).toBe(3);
  expect(ended.map(({ route }) => route)).toContain('/given/:name');
});

test('an answer may take its time, and where it fails the framework answers', async () => {
  const { server, ended } = await openServer(async ({ url }) => {
    if (url === '/made') throw new Error('It is for the framework to say why.');
    return given;
  });
  const port = await listen(server);
  for (const [path, text] of [
    ['/given/one', 'given'],
    ['/made', 'made'],
  ]) {
    expect(await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).toBe(text);
  }
  await expect.poll(() => ended.map(({ route }) => route)).toEqual(['/given/:name', '/*']);
});

test('a fault while an answer is looked for is the framework’s to answer, too', async () => {
  const { server } = await openServer(() => {
    throw new Error('The disk is gone.');
  });
  expect(await (await fetch(`http://127.0.0.1:${await listen(server)}/`)).text()).toBe('made');
});

test('who hangs up before the answer is there is observed once, from the beginning', async () => {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<Answer>();
  const { server, begun, ended } = await openServer(() => {
    asked.resolve();
    return answered.promise;
  });
  const { socket } = await openConnection(await listen(server));
  const hasHungUp = once(server.server, 'request').then(([, response]) => once(response, 'close'));
  socket.write('GET /given HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked.promise;
  expect(begun).toEqual(['/given']);
  socket.destroy();
  await hasHungUp;
  answered.resolve(given);
  await expect.poll(() => ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({ cutOff: 'client' });
  expect(begun).toHaveLength(1);
});

test('memory is given back when its answer was sent', async () => {
  const givenBack = Promise.withResolvers<void>();
  const { server } = await openServer(() => ({ ...given, release: givenBack.resolve }));
  await fetch(`http://127.0.0.1:${await listen(server)}/given`);
  await givenBack.promise;
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
  'a server %s gives the same answer the second time, and the third, as the framework does',
  async (_, flags, headers) => {
    const { send, server, bearer } = await openListening(flags);
    const ask = async (more: Record<string, string> = {}, way: typeof send = send) => {
      const request = { url: LIST, headers: { authorization: bearer, ...headers, ...more } };
      const answer = await way(request);
      const { date, ratelimit, 'x-request-id': id, ...rest } = answer.headers;
      // What comes before the framework adds these to every answer, as `send` sees.
      const { 'content-security-policy': _policy, 'x-content-type-options': _type, ...same } = rest;
      const vary = [same.vary].flat().join(', '); // as one line or as several, it says the same
      return {
        id,
        answer: { status: answer.statusCode, same: { ...same, vary }, bytes: answer.rawPayload },
      };
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

    const framework: typeof send = async (request) => server.inject(request);
    expect((await ask({}, framework)).answer).toEqual(first.answer);
    expect((await ask(known, framework)).answer).toEqual(unchanged.answer);
  },
);
