import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { NOBODY } from './start-postgres.ts';

const START_MS = 60_000;

/** A pooler that runs. */
export type RunningPgbouncer = { port: number; stop(): Promise<void> };

/** A real PgBouncer before a PostgreSQL, with one connection that its clients have in turns, a transaction each. */
export async function startPgbouncer(postgresPort: number): Promise<RunningPgbouncer> {
  const folder = mkdtempSync('/tmp/rollcall-pgbouncer-');
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
     * = host=127.0.0.1 port=${postgresPort} user=postgres
     [pgbouncer]
     listen_addr = 127.0.0.1
     listen_port = ${port}
     unix_socket_dir =
     auth_type = any
     pool_mode = transaction
     default_pool_size = 1`,
  );
  const isRoot = process.getuid?.() === 0; // it does not run as root
  if (isRoot) for (const path of [folder, file]) chownSync(path, NOBODY, NOBODY);
  const server = spawn('pgbouncer', ['--quiet', file], {
    stdio: 'ignore',
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (const giveUpAt = Date.now() + START_MS; !(await isListening(port)); await sleep(20)) {
    if (server.exitCode !== null || Date.now() > giveUpAt)
      throw new Error('PgBouncer did not start.');
  }
  return {
    port,
    async stop() {
      server.kill('SIGKILL'); // nothing in it is to be kept
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('connect', () => socket.destroy());
  });
}
