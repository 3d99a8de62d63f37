import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { requireSecretKey } from '../data-sources/key-mark.ts';
import { secretKeyOf } from '../data-sources/secret-key.ts';
import { describePlace } from '../database/open-store.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { configOf, withOptions } from './command-line.ts';
import { openStoreAtStart } from './open-store-at-start.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { endSoon, listen, RUN_OPTIONS, stopSignal } from './serve.ts';
import { localUrl } from './server-url.ts';

export function addWorkerCommand(program: RollcallCommand): void {
  const command = program
    .command('worker')
    .description('Run reports until it is stopped, without serving the APIs.');
  withOptions(
    command,
    'dataDir',
    'databaseConnections',
    'storeWaitSeconds',
    ...RUN_OPTIONS,
    'host',
    'workerPort',
    'logLevel',
  ).action(async () => {
    const config = configOf(command);
    const database = await openStoreAtStart(command, config);
    try {
      const { openRunner } = await import('../open-runner.ts');
      const { createMetrics } = await import('../telemetry/metrics.ts');
      const { createWorkerServer } = await import('../create-worker-server.ts');
      const { StorageHealth } = await import('../storage-health.ts');
      await requireSecretKey(database, secretKeyOf(config, randomIdentifiers));
      const storage = new StorageHealth(database, config.dataDir);
      const metrics = createMetrics();
      const runner = openRunner(config, {
        database,
        clock: systemClock,
        identifiers: randomIdentifiers,
        metrics,
        log: () => server.log,
        onFault: (error, what, facts) => {
          storage.note(error);
          server.log.error({ ...facts, err: error }, what);
        },
      });
      const { findFault } = runner;
      // It listens only where that is asked for, and has the log in any case.
      const server = await createWorkerServer(config, {
        database,
        metrics,
        storage,
        findFault,
      });
      try {
        const stopped = stopSignal();
        if (config.workerPort !== undefined) {
          const port = await listen(server, config, 'workerPort');
          const url = localUrl({ host: config.host, port, tlsCert: undefined });
          command.surroundings.stdout.write(
            `The worker's health is at ${url}/healthz and ${url}/readyz\n`,
          );
        }
        storage.watch(server.log);
        runner.start();
        command.surroundings.stdout.write(
          `${describeWork(config)}\nThe data is in ${describePlace(config)}\n`,
        );
        await stopped;
      } finally {
        endSoon();
        await runner.close();
        await server.close();
      }
    } finally {
      await database.close();
    }
  });
}

function describeWork({ readOnly, runsAtOnce }: Config): string {
  if (readOnly !== undefined) return `No reports run: ${readOnly}`;
  if (runsAtOnce === 0) return 'No reports run: ROLLCALL_RUNS_AT_ONCE is 0';
  return `Rollcall runs reports, ${runsAtOnce} at a time`;
}
