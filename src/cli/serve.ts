import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { openStore } from '../database/open-store.ts';
import { UserError } from '../errors.ts';
import { createServer } from '../server.ts';
import { configOf, withOptions } from './command-line.ts';

export const SERVE_OPTIONS = [
  'dataDir',
  'host',
  'port',
  'publicUrl',
  'corsOrigins',
  'trustProxy',
  'tlsCert',
  'tlsKey',
  'logLevel',
] as const;

export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('Serve the APIs until it is stopped.');
  withOptions(command, ...SERVE_OPTIONS).action(async () => {
    const config = configOf(command);
    const database = await openStore(config);
    await serve(config, database, (url) => {
      process.stdout.write(`Rollcall listens on ${url}\nData lies in ${config.dataDir}\n`);
    });
  });
}

/**
 * Serves until SIGINT or SIGTERM, then lets running requests end and closes the store. `whenListening` gets the URL
 * under which the server is reached.
 */
export async function serve(
  config: Config,
  database: Database,
  whenListening: (url: string) => void,
): Promise<void> {
  try {
    const server = await createServer(config, database);
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    const address = await server.listen({ host: config.host, port: config.port }).catch((error) => {
      throw listenError(error, config);
    });
    whenListening(config.publicUrl?.href.replace(/\/$/, '') ?? address);
    await stopped;
    await server.close();
  } finally {
    await database.close();
  }
}

function listenError(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} on ${host} is taken by another program (perhaps a Rollcall that is running already).\n` +
        `Stop that one, or choose another port: ROLLCALL_PORT=${port === 65_535 ? 4147 : port + 1} or --port.`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      `Port ${port} may not be opened by this user. Choose one from 1024 up with ROLLCALL_PORT.`,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError(
      `${host} is not an address of this machine. Set ROLLCALL_HOST to one that is, or to 127.0.0.1.`,
    );
  }
  return error;
}
