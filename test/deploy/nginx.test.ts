import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { createServer } from '../../src/server.ts';
import { openReport } from '../support/edited-report.ts';
import { freePort } from '../support/free-port.ts';
import { testWith } from '../support/machine-tools.ts';
import { startNginxWith } from '../support/start-nginx.ts';
import { makeBearer } from '../support/workplace.ts';

const test = testWith('nginx');

/** The configuration that is shipped, before servers on these ports. */
function shipped(ports: readonly number[]) {
  const servers = ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join('\n');
  const text = readFileSync('deploy/nginx/rollcall.conf', 'utf8').replace(
    'server 127.0.0.1:4146 max_fails=0;',
    servers,
  );
  const included = 'rollcall-proxy.conf';
  return startNginxWith((port) => text.replace('listen 80;', `listen 127.0.0.1:${port};`), {
    [included]: readFileSync(`deploy/nginx/${included}`, 'utf8'),
  });
}

test('three servers are restarted one after another without a failed request', async () => {
  const { config, database, acme, ana, report } = await openReport();
  const bearer = await makeBearer(database, acme);
  const ports = [await freePort(), await freePort(), await freePort()];
  const open = async (port: number) => {
    const store = await openStore(config);
    const server = await createServer(config, store);
    await server.listen({ host: '127.0.0.1', port });
    return async () => {
      await server.close();
      await store.close();
    };
  };
  const stops = await Promise.all(ports.map(open));
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  const url = await shipped(ports);

  const content = { name: 'Large', text: 'x'.repeat(1_900_000) };
  const draft = await fetch(`${url}${report}/draft`, {
    method: 'PUT',
    headers: { authorization: ana, 'content-type': 'application/json' },
    body: JSON.stringify({ draft: { base_version: 1, content } }),
  });
  expect(draft.status).toBe(200);

  let isOver = false;
  const statuses = new Map<number, number>();
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const { status } = await fetch(`${url}/batch/acme/reports`, {
        headers: { authorization: bearer },
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await sleep(5);
    }
  });
  for (const [index, port] of ports.entries()) {
    await stops[index]?.();
    stops[index] = await open(port);
  }
  isOver = true;
  await Promise.all(asking);
  expect([...statuses.keys()]).toEqual([200]);
});

test('an answer that breaks off midway does not look whole', async () => {
  const breaking = createHttpServer((_request, response) => {
    response.write('{"a row":1}\n');
    setTimeout(() => response.destroy(), 50);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void breaking.close());
  await once(breaking, 'listening');
  const { port } = breaking.address() as AddressInfo;
  const url = await shipped([port]);
  const answer = await fetch(`${url}/batch/acme/reports/stream`);
  await expect(answer.text()).rejects.toThrow();
});
