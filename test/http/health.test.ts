import { once } from 'node:events';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listen, openConnection, readAnswer } from '../support/connection.ts';
import { openOwnWorkplace } from '../support/workplace.ts';

test('a server that lives and has its store says so', async () => {
  const { get } = await openOwnWorkplace();
  for (const path of ['/healthz', '/readyz']) {
    const response = await get(path);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ok' });
  }
});

test('a server whose store has another schema is not ready, and lives', async () => {
  const { get, config } = await openOwnWorkplace();
  const store = new Sqlite(join(config.dataDir, 'rollcall.sqlite'));
  const readiness = async (version: number) => {
    store.pragma(`user_version = ${version}`);
    return get('/readyz');
  };
  const missing = await readiness(0);
  expect(missing.statusCode).toBe(503);
  expect(missing.headers['retry-after']).toBe('5');
  expect(missing.json()).toMatchObject({
    id: 'busy',
    message: expect.stringContaining('lacks migrations: 001-inventory'),
  });
  const newer = await readiness(9999);
  expect(newer.statusCode).toBe(503);
  expect(newer.json().message).toContain('written by a newer Rollcall');
  expect((await get('/healthz')).statusCode).toBe(200);
  store.close();
});

test('a server that is stopping is not ready', async () => {
  const { server } = await openOwnWorkplace();
  const { socket, answer } = await openConnection(await listen(server));
  const request = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  request('/readyz');
  await once(socket, 'data');
  const closed = server.close();
  request('/readyz');
  const text = await answer;
  expect(text.startsWith('HTTP/1.1 200')).toBe(true);
  const second = readAnswer(text.slice(text.lastIndexOf('HTTP/1.1')));
  expect(second.status).toBe(503);
  expect(second.headers.toLowerCase()).toContain('connection: close');
  expect(JSON.parse(second.body)).toEqual({ id: 'busy', message: 'The server is stopping.' });
  await closed;
});
