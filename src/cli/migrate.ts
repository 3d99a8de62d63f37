import { describePlace, openStoreAsItIs } from '../database/open-store.ts';
import { asTyped, configOf, print, requireStoreFile, withOptions } from './command-line.ts';
import { migrateStore } from './migrate-store.ts';
import type { RollcallCommand } from './rollcall-command.ts';

export function addMigrateCommand(program: RollcallCommand): void {
  const command = program
    .command('migrate')
    .description(
      'Apply the migrations that this version needs, as every command does, and print their names. With --finish, apply all.',
    )
    .option(
      '--finish',
      'Also apply those that older versions cannot work with. After that, the store refuses older versions.',
    )
    .option('--json', 'Print the names of applied and waiting migrations as JSON.');
  withOptions(command, 'dataDir').action(async ({ finish }: { finish?: true }) => {
    const config = configOf(command);
    requireStoreFile(command, config);
    const database = openStoreAsItIs(config);
    try {
      const applied = await migrateStore(command, database, { finish: finish === true });
      const { waiting } = await database.missingMigrations();
      print(command, { applied, waiting }, () => describe(command, config, { applied, waiting }));
    } finally {
      await database.close();
    }
  });
}

function describe(
  command: RollcallCommand,
  config: Parameters<typeof describePlace>[0],
  { applied, waiting }: { applied: readonly string[]; waiting: readonly string[] },
): string {
  const lines = applied.map((name) => `Applied ${name}.`);
  if (waiting.length > 0) {
    lines.push(
      ...waiting.map((name) => `${name} waits: older versions cannot use the store after it.`),
      'When every server and worker has this version, run:',
      `  ${asTyped(command, 'migrate --finish')}`,
    );
  }
  return lines.length > 0
    ? lines.join('\n')
    : `The store in ${describePlace(config)} is up to date.`;
}
