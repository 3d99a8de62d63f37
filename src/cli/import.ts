import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { copyInventory } from '../import/copy-inventory.ts';
import { type ImportSummary, importInventory } from '../import/import-inventory.ts';
import { type InventoryUrl, parseInventoryUrl } from '../import/inventory-url.ts';
import type { ListSummary } from '../import/list-import.ts';
import { readFolder, type SourceList } from '../import/read-folder.ts';
import type { ListName } from '../inventory/lists.ts';
import type { Organization } from '../organizations/organization.ts';
import {
  asTyped,
  configOf,
  getOrganization,
  print,
  userDirectory,
  warn,
  withOptions,
  withStore,
} from './command-line.ts';
import { withBearerFile, withSource } from './discovery-source.ts';
import { type Progress, startProgress } from './progress.ts';
import type { RollcallCommand } from './rollcall-command.ts';

type Options = {
  organization: string;
  from?: string;
  source?: string;
  keepMissing?: true;
  json?: true;
};

/** Where rows are remembered to come from when neither they nor the user say it. */
const UNNAMED_SOURCE = 'files';

export function addImportCommand(program: RollcallCommand): void {
  const command = program
    .command('import')
    .description(
      'Bring another server’s inventory in, all or nothing. Importing again follows what changed there.',
    )
    .argument(
      '[DIR]',
      'Folder of saved Discovery pages (*.json) or of NDJSON files (reports.ndjson ...).',
    )
    .requiredOption('--organization <USERNAME>', 'The organization to import into.')
    .option(
      '--from <URL>',
      'Copy from a server instead, such as https://app.mode.com/batch/acme; goes on where it was broken off.',
    )
    .option(
      '--source <NAME>',
      'What the rows are remembered to come from; by default the server and organization, or what saved rows say themselves.',
    )
    .option('--keep-missing', 'Keep what an earlier import brought and the source no longer has.')
    .option('--json', 'Print what was done as JSON.');
  withBearerFile(withOptions(command, 'dataDir')).action(
    async (folder: string | undefined, options: Options) => {
      if ((folder === undefined) === (options.from === undefined)) {
        throw new UserError(
          'Say what to import, a folder or a server:\n' +
            `  ${asTyped(command, 'import --organization acme DIR')}\n` +
            `  ${asTyped(command, 'import --organization acme --from https://app.mode.com/batch/acme')}`,
        );
      }
      const summary = await withStore(command, configOf(command), async (database) => {
        const organization = await getOrganization(command, database, options.organization);
        const into: Target = { command, database, organization, options };
        return folder === undefined
          ? importServer(into, parseInventoryUrl(options.from ?? ''))
          : importFolder(into, resolve(userDirectory(command), folder));
      });
      print(command, summary, describe);
    },
  );
}

type Target = {
  command: RollcallCommand;
  database: Database;
  organization: Organization;
  options: Options;
};

function importFolder(into: Target, folder: string): Promise<ImportSummary> {
  const { organization, lists } = readFolder(folder);
  return importLists(into, organization ?? UNNAMED_SOURCE, lists);
}

/** Copies the server's lists to a staging folder, then imports them from there. */
async function importServer(into: Target, url: InventoryUrl): Promise<ImportSummary> {
  const { command, organization } = into;
  const name = `${new URL(url.root).host}/${url.organization}`;
  const folder = join(
    configOf(command).dataDir,
    'imports',
    createHash('sha256')
      .update(`${url.root}/${url.organization} ${organization.username}`)
      .digest('hex')
      .slice(0, 16),
  );
  const progress = progressOfLists(command, 'Copying');
  const copied = await withSource(command, url, progress.note, (client) =>
    copyInventory(client, { folder, onProgress: progress.update }),
  ).finally(progress.finish);
  for (const [list, { skipped }] of Object.entries(copied)) {
    if (skipped !== undefined) warn(command, `${list} was left out: ${skipped}`);
  }
  const lists = readFolder(folder).lists.map((one) => ({
    ...one,
    isWhole: copied[one.list.name].isWhole,
  }));
  const summary = await importLists(into, name, lists);
  rmSync(folder, { recursive: true });
  return summary;
}

async function importLists(
  { command, database, organization, options }: Target,
  sourceName: string,
  lists: readonly SourceList[],
): Promise<ImportSummary> {
  const progress = progressOfLists(command, 'Importing');
  return importInventory(
    database,
    organization,
    { sourceName: options.source ?? sourceName, lists },
    {
      keepMissing: options.keepMissing === true,
      onProgress: ({ name }, rows, count) => progress.update(name, rows, count),
    },
    { clock: systemClock, identifiers: randomIdentifiers },
  ).finally(progress.finish);
}

/** Progress of one list after the other, each with a line of its own. */
function progressOfLists(command: RollcallCommand, label: string) {
  let shown: { name: ListName; progress: Progress } | undefined;
  return {
    update(name: ListName, rows: number, count: number | undefined): void {
      if (shown?.name !== name) {
        shown?.progress.finish();
        shown = {
          name,
          progress: startProgress(`${label} ${name}`, count, {
            output: command.surroundings.stderr,
          }),
        };
      }
      shown.progress.update(rows, count);
    },
    note(text: string): void {
      if (shown) shown.progress.note(text);
      else warn(command, text);
    },
    finish: (): void => shown?.progress.finish(),
  };
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
