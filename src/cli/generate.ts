import { InvalidArgumentError } from 'commander';
import { generateInventory } from '../generate/generate-inventory.ts';
import { configOf, getOrganization, print, withOptions, withStore } from './command-line.ts';
import { startProgress } from './progress.ts';
import type { RollcallCommand } from './rollcall-command.ts';

type Flags = { organization: string; reports: number; seed: number };

const MOST_REPORTS = 10_000_000;
const MOST_SEED = 0xffff_ffff;

export function addGenerateCommand(program: RollcallCommand): void {
  const command = program
    .command('generate')
    .description(
      'Fill an organization with generated reports, for tests and benchmarks. The same seed generates the same reports; ' +
        'existing ones are not changed.',
    )
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .requiredOption(
      '--reports <NUMBER>',
      `Number of reports afterwards, 1 to ${MOST_REPORTS}.`,
      wholeNumber(1, MOST_REPORTS),
    )
    .option(
      '--seed <NUMBER>',
      `Seed of the generator, 0 to ${MOST_SEED}.`,
      wholeNumber(0, MOST_SEED),
      1,
    )
    .option('--json', 'Print the outcome as JSON.');
  withOptions(command, 'dataDir').action(async ({ organization: username, ...wanted }: Flags) => {
    const added = await withStore(command, configOf(command), async (database) => {
      const organization = await getOrganization(command, database, username);
      const progress = startProgress('Generating reports', wanted.reports, {
        output: command.surroundings.stderr,
      });
      return generateInventory(database, organization, wanted, progress.update).finally(
        progress.finish,
      );
    });
    const { reports, seed } = wanted;
    print(command, { organization: username, seed, reports, added }, () =>
      added === 0
        ? `${username} has these reports already; nothing was changed.`
        : `Added ${added} ${added === 1 ? 'report' : 'reports'} to ${username}.`,
    );
  });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
