import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.ts';

const START_MS = 60_000;

/** A MariaDB that runs: its root needs no password, and its database is called `test`. */
export type RunningMariadb = {
  port: number;
  /** Runs statements as root, one after another. */
  run(...statements: string[]): Promise<unknown[]>;
  stop(): Promise<void>;
};

/** A real MariaDB for as long as tests run, with all it has in a folder of the system's temporary directory. */
export async function startMariadb(): Promise<RunningMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-mariadb-'));
  const data = join(folder, 'data');
  const { username } = userInfo();
  const common = ['--no-defaults', `--user=${username}`, `--datadir=${data}`];
  execFileSync(
    'mariadb-install-db',
    [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const server = spawn(
    'mariadbd',
    [
      ...common,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-name-resolve',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  server.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4_000);
  });
  const end = async (): Promise<void> => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const client = await answers(port, server);
    await client.query('CREATE DATABASE test');
    await client.query('USE test');
    return {
      port,
      async run(...statements) {
        const results: unknown[] = [];
        for (const statement of statements) results.push((await client.query(statement))[0]);
        return results;
      },
      async stop() {
        await client.end();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw new Error(`MariaDB did not start: ${(error as Error).message}\n${log}`);
  }
}

async function answers(port: number, server: ChildProcess): Promise<mysql.Connection> {
  for (const giveUpAt = Date.now() + START_MS; ; await sleep(50)) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    try {
      return await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGKILL'); // nothing in it is to be kept
  });
}
