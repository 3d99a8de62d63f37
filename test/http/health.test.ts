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
  const newer = "insert into rollcall_schema values (9999, '9.1.0', '9.0.0', null)";
  store.exec('delete from rollcall_schema where version = 1');
  const missing = await get('/readyz');
  expect(missing.statusCode).toBe(503);
  expect(missing.headers['retry-after']).toBe('5');
  expect(missing.json()).toMatchObject({
    id: 'busy',
    message: expect.stringContaining('lacks migrations: 001-inventory'),
  });
  store.exec(newer);
  const refused = await get('/readyz');
  expect(refused.statusCode).toBe(503);
  expect(refused.json().message).toContain('upgraded by 9.1.0 and opens with 9.0.0 or newer only');
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
