import { once } from 'node:events';
import { globSync, readFileSync, truncateSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { listen } from '../support/connection.ts';
import { putRows } from '../support/rows.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import {
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

/** A page is longer than what the system takes over of an answer that nobody reads. */
const ROWS = 60;
const ROW_BYTES = 180_000;

const query = (index: number, text: string) => ({
  ...{ id: index + 1, token: `query ${index}`, report_id: 1, report_token: 'report' },
  raw_query: `${text} ${index} `.padEnd(ROW_BYTES, text),
});

const queries = (text: string) => Array.from({ length: ROWS }, (_, index) => query(index, text));

/** Asks for a page, and reads only the beginning of the answer until it is told to read the rest. */
async function askSlowly(port: number, authorization: string) {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.write(
    `GET /batch/acme/queries HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
  );
  await once(socket, 'readable');
  const chunks: Buffer[] = [socket.read()];
  return {
    async body(): Promise<string> {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (!socket.closed) await once(socket, 'close');
      const answer = Buffer.concat(chunks).toString();
      return answer.slice(answer.indexOf('\r\n\r\n') + 4);
    },
  };
}

test('a client that reads slowly gets its page, byte for byte, while the file is replaced, unmapped and mapped anew', async () => {
  const { config, database, server } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  const slots = await putRows(database, acme, lists.queries, queries('first'));
  const authorization = await makeBearer(database, acme);
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}/batch/acme/queries`;
  const ask = async () =>
    (await fetch(url, { headers: { authorization, 'accept-encoding': 'identity' } })).text();
  const filesOfRows = () => globSync(join(config.dataDir, 'lists/*/*-queries-*.rows'));
  const mappedFiles = () =>
    new Set(
      readFileSync('/proc/self/maps', 'utf8')
        .split('\n')
        .filter((line) => line.includes(config.dataDir) && line.includes('.rows'))
        .map((line) => line.slice(line.indexOf('/'))),
    );
  const first = await ask();
  const slow = [await askSlowly(port, authorization), await askSlowly(port, authorization)];
  const before = filesOfRows();
  const rewrite = (text: string) =>
    database.transaction((store) =>
      changeRows(store, acme.id, async (writer) => {
        const rows = await findRows(store, acme.id, lists.queries, 'slot', slots);
        await writer.update(
          lists.queries,
          rows.map((row, index) => ({
            ...row,
            body: toBytes(toRow(lists.queries, query(index, text))),
          })),
        );
      }),
    );
  for (const text of ['second', 'third', 'fourth']) {
    await rewrite(text);
    const texts = JSON.parse(await ask()).queries.map(
      (one: { raw_query: string }) => one.raw_query,
    );
    expect(texts).toEqual(queries(text).map((one) => one.raw_query));
  }
  expect(filesOfRows()).not.toEqual(before);
  expect([...mappedFiles()].filter((name) => name.endsWith('(deleted)'))).toHaveLength(1);
  for (const client of slow) expect((await client.body()) === first).toBe(true);
  await expect
    .poll(() => [...mappedFiles()].filter((name) => name.endsWith('(deleted)')))
    .toEqual([]);
});

test('a file that somebody cut while pages of it were sent ended those answers, and not the server', async () => {
  const dataDir = temporaryFolder();
  const store = await openStore({ dataDir });
  const acme = await makeOrganization(store);
  await putRows(store, acme, lists.queries, queries('text'));
  const authorization = await makeBearer(store, acme);
  await store.close();
  const server = await startRollcall(['serve', '--port', '0'], { dataDir, until: /listens on/ });
  const url = new URL(server.line.split(' ').at(-1) ?? '');
  const ask = async () => {
    const headers = { authorization, 'accept-encoding': 'identity' };
    return (await fetch(new URL('/batch/acme/queries', url), { headers })).text();
  };
  const whole = await ask();
  const slow = await Promise.all([1, 2, 3].map(() => askSlowly(Number(url.port), authorization)));
  const [file = ''] = globSync(join(dataDir, 'lists/*/*-queries-*.rows'));
  truncateSync(file, 100_000);
  for (const client of slow) {
    const body = await client.body();
    expect(body.length).toBeLessThan(whole.length);
    expect(whole.startsWith(body)).toBe(true);
  }
  expect((await ask()) === whole).toBe(true);
  await expect.poll(() => server.output().stderr).toContain('"cut_off":"failed"');
  expect(server.process.exitCode).toBeNull();
});
