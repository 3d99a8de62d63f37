import type { FastifyInstance } from 'fastify';
import { systemClock } from '../clock.ts';
import { type Config, flagOf, options } from '../config.ts';
import { requireSecretKey } from '../data-sources/key-mark.ts';
import { secretKeyOf } from '../data-sources/secret-key.ts';
import type { Database } from '../database/database.ts';
import { describePlace } from '../database/open-store.ts';
import { UserError } from '../errors.ts';
import { listen as listenOn } from '../http/listen.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { configOf, withOptions } from './command-line.ts';
import { openStoreAtStart } from './open-store-at-start.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { localUrl, serverUrl } from './server-url.ts';

/** The options of what runs reports. */
export const RUN_OPTIONS = [
  'filesDir',
  'privateHosts',
  'secretKeyFile',
  'runsAtOnce',
  'organizationRuns',
  'waitingRuns',
  'querySeconds',
  'queryMemoryMegabytes',
  'resultRows',
  'resultMegabytes',
] as const;

/** The options of every command that serves, beside how much it logs. */
export const SERVE_OPTIONS = [
  'dataDir',
  'databaseConnections',
  'storeWaitSeconds',
  'readOnly',
  'keepChangesDays',
  ...RUN_OPTIONS,
  'keepResultsDays',
  'keepRunsDays',
  'host',
  'port',
  'publicUrl',
  'cacheMegabytes',
  'corsOrigins',
  'trustProxy',
  'rateLimit',
  'sessionIdleDays',
  'sessionDays',
  'signInLinkHours',
  'oidcIssuer',
  'oidcClientId',
  'oidcDomains',
  'oidcEmailVerified',
  'oidcJoin',
  'tlsCert',
  'tlsKey',
] as const;

const SAME_SIGNAL_MS = 1_000;
/** Running requests have ten seconds of it; see stopGracefully. */
const LONGEST_STOP_MS = 14_000;

export function addServeCommand(program: RollcallCommand): void {
  const command = program
    .command('serve')
    .description('Serve the APIs and the pages until it is stopped.');
  withOptions(command, ...SERVE_OPTIONS, 'logLevel').action(async () => {
    const config = configOf(command);
    const database = await openStoreAtStart(command, config);
    const { publicUrl, readOnly } = config;
    await serve(config, database, (url, ownUrl) => {
      const lines = [
        `Rollcall listens on ${ownUrl}`,
        ...(publicUrl === undefined ? [] : [`People and tools use ${url}`]),
        ...(readOnly === undefined
          ? []
          : [`Nothing can be changed, and no reports run: ${readOnly}`]),
        `The data is in ${describePlace(config)}`,
      ];
      command.surroundings.stdout.write(`${lines.join('\n')}\n`);
    });
  });
}

/**
 * Serves until SIGINT or SIGTERM, then lets running requests end and closes the store. `whenListening` gets the URL
 * under which the server is reached, and its own, which differs behind a proxy.
 */
export async function serve(
  config: Config,
  database: Database,
  whenListening: (url: string, ownUrl: string) => void,
): Promise<void> {
  try {
    // Loaded here, so that the commands that do not serve need not wait for it: it takes the longest by far.
    const { createServer } = await import('../server.ts');
    await requireSecretKey(database, secretKeyOf(config, randomIdentifiers));
    const server = await createServer(config, database);
    try {
      const stopped = stopSignal();
      const port = await listen(server, config, 'port');
      const own = { ...config, port };
      whenListening(serverUrl(own), localUrl(own));
      await stopped;
    } finally {
      endSoon();
      await server.close();
    }
  } finally {
    await database.close();
  }
}

/** Lets a server listen on a port of the configuration, and answers which it is. @throws UserError where it cannot. */
export async function listen(
  server: FastifyInstance,
  config: Config,
  name: 'port' | 'workerPort',
): Promise<number> {
  const { host, [name]: wanted = 0 } = config;
  return listenOn(server, { host, port: wanted }).catch((error) => {
    throw listenError(error, { host, port: wanted, name });
  });
}

/** Whatever does not end by itself, such as a database that is away, must not keep the process. */
export function endSoon(): void {
  setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
}

/**
 * Waits for SIGINT or SIGTERM. One Ctrl-C arrives twice, from the terminal and from npm, which hands it on; only a
 * signal well after the first is somebody who does not want to wait for running requests.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    const stop = () => {
      const nowMs = systemClock();
      firstMs ??= nowMs;
      if (nowMs - firstMs > SAME_SIGNAL_MS) process.exit(1);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}

function listenError(
  error: NodeJS.ErrnoException,
  { host, port, name }: { host: string; port: number; name: 'port' | 'workerPort' },
): Error {
  const { variable } = options[name];
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} on ${host} is in use by another program (maybe a Rollcall that is already running).\n` +
        `Stop that program, or choose another port: ${variable}=${port === 65_535 ? 4147 : port + 1} or ${flagOf(name)}.`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      `This user is not allowed to open port ${port}. Choose one from 1024 up with ${variable}.`,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError(
      `${host} is not an address of this machine. Set ROLLCALL_HOST to one that is, or to 127.0.0.1.`,
    );
  }
  return error;
}
