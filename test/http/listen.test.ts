import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { listen } from '../../src/http/listen.ts';

const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };

test('a server on localhost answers on each of its addresses, with what is found ahead, too', async () => {
  const server = await createHttpServer(
    { ...options, logLevel: 'silent' },
    (app) => {
      app.get('/made', async () => 'made');
    },
    {
      findAnswer: ({ url }) =>
        url === '/given'
          ? { route: url, status: 200, headers: [], body: Buffer.from('given') }
          : undefined,
    },
  );
  onTestFinished(() => server.close());
  // Linux answers on all of 127.0.0.0/8; not every machine has ::1.
  const addresses = ['127.0.0.1', '127.0.0.2'];
  const port = await listen(server, { host: 'localhost', port: 0 }, async () =>
    addresses.map((address) => ({ address })),
  );
  for (const address of addresses) {
    const url = `http://${address}:${port}`;
    expect(await (await fetch(`${url}/made`)).text(), address).toBe('made');
    expect(await (await fetch(`${url}/given`)).text(), address).toBe('given');
  }
  await server.close();
  for (const address of addresses) {
    await expect(fetch(`http://${address}:${port}/made`), address).rejects.toThrow('fetch failed');
  }
});
