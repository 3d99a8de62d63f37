import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ListName } from '../discovery/lists.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import {
  type ImportSummary,
  importInventory,
  type ListSummary,
} from '../import/import-inventory.ts';
import { readFolder, type SourceFolder } from '../import/read-folder.ts';
import {
  configOf,
  getOrganization,
  print,
  userDirectory,
  withOptions,
  withStore,
} from './command-line.ts';
import { type Progress, startProgress } from './progress.ts';

type Options = {
  organization: string;
  from?: string;
  source?: string;
  keepMissing?: true;
  json?: true;
};

/** Where rows are remembered to come from when neither they nor the user say it. */
const UNNAMED_SOURCE = 'files';

export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description(
      'Bring another server’s inventory in, all or nothing. Importing again follows what changed there.',
    )
    .argument(
      '[DIR]',
      'folder of saved Discovery pages (*.json) or of NDJSON files (reports.ndjson ...)',
    )
    .requiredOption('--organization <USERNAME>', 'the organization to import into')
    .option(
      '--source <NAME>',
      'what the rows are remembered to come from (default: what they say themselves)',
    )
    .option('--keep-missing', 'keep what an earlier import brought and the source no longer has')
    .option('--json', 'print what was done as JSON');
  withOptions(command, 'dataDir').action(async (folder: string | undefined, options: Options) => {
    if (folder === undefined)
      throw new UserError('Say which folder to import: rollcall import --organization acme DIR');
    const summary = await importFolder(
      command,
      readFolder(resolve(userDirectory(), folder)),
      options,
    );
    print(command, summary, describe);
  });
}

async function importFolder(
  command: Command,
  { organization: savedFrom, lists }: SourceFolder,
  { organization: username, source, keepMissing }: Options,
): Promise<ImportSummary> {
  return withStore(configOf(command), async (database) => {
    const organization = await getOrganization(database, username);
    let shown: { name: string; progress: Progress } | undefined;
    const summary = await importInventory(
      database,
      organization,
      { sourceName: source ?? savedFrom ?? UNNAMED_SOURCE, lists },
      {
        keepMissing: keepMissing === true,
        onProgress: ({ name }, rows, count) => {
          if (shown?.name !== name) {
            shown?.progress.finish();
            shown = { name, progress: startProgress(`Importing ${name}`, count) };
          }
          shown.progress.update(rows, count);
        },
      },
      randomIdentifiers,
    ).finally(() => shown?.progress.finish());
    return summary;
  });
}

function describe(summary: ImportSummary): string {
  return (Object.entries(summary) as [ListName, ListSummary][])
    .map(([name, counts]) => `${name.padEnd(13)} ${words(counts)}`)
    .join('\n');
}

function words({
  added,
  changed,
  unchanged,
  deleted,
  skipped,
  made,
  isWhole,
}: ListSummary): string {
  const parts = [
    `${added} added`,
    `${changed} changed`,
    `${unchanged} unchanged`,
    `${deleted} deleted`,
  ];
  if (made > 0) parts.push(`${made} made because reports name them`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (!isWhole) parts.push('not a whole list, so nothing was deleted');
  return parts.join(', ');
}
