import { describePlace, openStoreAsItIs } from '../database/open-store.ts';
import { configOf, print, requireStoreFile, withOptions } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

export function addMigrateCommand(program: RollcallCommand): void {
  const command = program
    .command('migrate')
    .description(
      'Apply the migrations that the store is missing. Every command does so by itself; this one says which.',
    )
    .option('--json', 'Print their names as JSON.');
  withOptions(command, 'dataDir').action(async () => {
    const config = configOf(command);
    requireStoreFile(command, config);
    const database = openStoreAsItIs(config);
    try {
      const applied = await database.migrate();
      print(command, { applied }, () =>
        applied.length === 0
          ? `The store in ${describePlace(config)} is up to date.`
          : applied.map((name) => `Applied ${name}.`).join('\n'),
      );
    } finally {
      await database.close();
    }
  });
}
