import { expect, test } from 'vitest';
import { newDatabaseUrl } from '../support/database-url.ts';
import { freePort } from '../support/free-port.ts';
import { launchRollcall } from '../support/rollcall-process.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/workplace.ts';

const at = (url: string, port: number) => {
  const there = new URL(url);
  there.port = String(port);
  return there.href;
};

test('a worker that starts before its PostgreSQL waits for it, and says so', async () => {
  const real = (await newDatabaseUrl()) as string;
  const port = await freePort();
  const env = { ROLLCALL_DATABASE_URL: at(real, port) };
  const worker = launchRollcall(['worker'], { dataDir: temporaryFolder(), env });
  await waitFor(() => expect(worker.output().stderr).toContain('waiting for the store'));
  await startTcpProxy(real, port);
  await worker.findLine(/runs reports/);
  await worker.stop();
});

test('it gives up after the time that it is given', async () => {
  const env = {
    ROLLCALL_DATABASE_URL: at('postgres://nobody@127.0.0.1/none', await freePort()),
    ROLLCALL_STORE_WAIT_SECONDS: '1',
  };
  const server = launchRollcall(['serve'], { dataDir: temporaryFolder(), env });
  await waitFor(() => expect(server.process.exitCode).toBe(1));
  expect(server.output().stderr).toContain('does not respond');
});
