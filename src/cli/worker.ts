import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { describePlace, openStore } from '../database/open-store.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { configOf, withOptions } from './command-line.ts';
import { endSoon, RUN_OPTIONS, stopSignal } from './serve.ts';

export function addWorkerCommand(program: Command): void {
  const command = program
    .command('worker')
    .description('Run reports, and serve nothing, until it is stopped.');
  withOptions(command, 'dataDir', 'databaseConnections', ...RUN_OPTIONS).action(async () => {
    const config = configOf(command);
    const database = await openStore(config);
    try {
      const { openRunner } = await import('../open-runner.ts');
      const runner = openRunner(config, {
        database,
        clock: systemClock,
        identifiers: randomIdentifiers,
        metrics: { runEnded: () => undefined, scheduleStarted: () => undefined },
        onFault: (error, what) => process.stderr.write(`rollcall: ${what}: ${error.stack}\n`),
      });
      const stopped = stopSignal();
      runner.start();
      process.stdout.write(
        `Rollcall runs reports, ${config.runsAtOnce} at once\nData lies in ${describePlace(config)}\n`,
      );
      await stopped;
      endSoon();
      await runner.close();
    } finally {
      await database.close();
    }
  });
}
