import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { describePlace, openStore } from '../database/open-store.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { configOf, withOptions } from './command-line.ts';
import { endSoon, listen, RUN_OPTIONS, stopSignal } from './serve.ts';
import { localUrl } from './server-url.ts';

export function addWorkerCommand(program: Command): void {
  const command = program
    .command('worker')
    .description('Run reports, and serve nothing, until it is stopped.');
  withOptions(
    command,
    'dataDir',
    'databaseConnections',
    ...RUN_OPTIONS,
    'host',
    'workerPort',
  ).action(async () => {
    const config = configOf(command);
    const database = await openStore(config);
    try {
      const { openRunner } = await import('../open-runner.ts');
      const { createMetrics } = await import('../telemetry/metrics.ts');
      const metrics = createMetrics();
      const runner = openRunner(config, {
        database,
        clock: systemClock,
        identifiers: randomIdentifiers,
        metrics,
        onFault: (error, what) => process.stderr.write(`rollcall: ${what}: ${error.stack}\n`),
      });
      let server: HttpServer | undefined;
      try {
        const stopped = stopSignal();
        if (config.workerPort !== undefined) {
          // Loaded only where it is asked for: it takes longer than all the rest.
          const { createWorkerServer } = await import('../create-worker-server.ts');
          server = await createWorkerServer(config, { database, metrics });
          const port = await listen(server, config, 'workerPort');
          const url = localUrl({ host: config.host, port, tlsCert: undefined });
          process.stdout.write(`Rollcall says on ${url}/healthz how it is\n`);
        }
        runner.start();
        process.stdout.write(
          `Rollcall runs reports, ${config.runsAtOnce} at once\nData lies in ${describePlace(config)}\n`,
        );
        await stopped;
      } finally {
        endSoon();
        await runner.close();
        await server?.close();
      }
    } finally {
      await database.close();
    }
  });
}
