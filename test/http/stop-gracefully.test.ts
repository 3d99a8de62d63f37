import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { listen, openConnection, readAnswer } from '../support/connection.ts';

test('an answer that its client is still reading is not cut off when the server closes', async () => {
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const long = Buffer.alloc(32 * 1024 * 1024); // more than the system takes over for a client that does not read
  const asked = Promise.withResolvers<void>();
  const server = await createHttpServer({ ...options, logLevel: 'silent' }, (app) => {
    app.get('/long', async () => {
      asked.resolve();
      return long;
    });
  });
  const { socket, answer } = await openConnection(await listen(server));
  socket.pause();
  socket.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked.promise;
  await sleep(500);
  const closed = server.close();
  await sleep(2_500); // connections without a request are closed every second
  socket.resume();
  const { status, body } = readAnswer(await answer);
  expect({ status, length: body.length }).toEqual({ status: 200, length: long.length });
  await closed;
});
