import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimThisFolder } from '../claim-folder.ts';
import { systemClock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { copyInventory } from '../import/copy-inventory.ts';
import type { CopiedList } from '../import/copy-list.ts';
import { importInventory, rehearseImport } from '../import/import-inventory.ts';
import { type InventoryUrl, parseInventoryUrl } from '../import/inventory-url.ts';
import type { ImportSummary } from '../import/plan-import.ts';
import { type PlannedChange, plannedChanges } from '../import/planned-changes.ts';
import { readFolder } from '../import/read-folder.ts';
import type { SourceList } from '../import/source-list.ts';
import { lists as inventoryLists, type List, type ListName } from '../inventory/lists.ts';
import { findSource } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { isLonger, MAX_LENGTH } from '../text.ts';
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
import { describeChange, describeKept, describeRefusal, describeSummary } from './import-words.ts';
import { type Progress, startProgress } from './progress.ts';
import { endedWith, type RollcallCommand } from './rollcall-command.ts';

type Options = {
  organization: string;
  from?: string;
  source?: string;
  keepMissing?: true;
  delete?: string | true;
  dryRun?: true;
  fresh?: true;
  bearerFile?: string;
  json?: true;
};

/** What a shell gets where rows would have been deleted and nobody allowed it. */
const REFUSED_EXIT_CODE = 3;

/** Where rows are remembered to come from when neither they nor the user say it. */
const UNNAMED_SOURCE = 'files';

export function addImportCommand(program: RollcallCommand): void {
  const command = program
    .command('import')
    .description(
      'Import another server’s inventory, all or nothing. Import again to apply its changes.',
    )
    .argument(
      '[DIR]',
      'Folder of saved Discovery pages (*.json) or NDJSON files (reports.ndjson ...).',
    )
    .requiredOption('--organization <USERNAME>', 'The organization to import into.')
    .option(
      '--from <URL>',
      'Copy from a server instead, such as https://app.mode.com/batch/acme. An interrupted copy is continued.',
    )
    .option(
      '--source <NAME>',
      'Name of the source of the rows; by default the server and organization, or what saved rows say.',
    )
    .option('--keep-missing', 'Delete nothing, even if the source no longer has it.')
    .option(
      '--delete [N]',
      'Delete what the source no longer has, without a limit or at most N rows per list; written --delete=N.',
    )
    .option(
      '--dry-run',
      'Print every row that would be added, changed or deleted, and write nothing.',
    )
    .option(
      '--fresh',
      'With --from: copy everything again, even if an earlier copy was interrupted.',
    )
    .option('--json', 'Print the outcome as JSON.');
  withBearerFile(withOptions(command, 'dataDir')).action(
    async (given: string | undefined, options: Options) => {
      const { folder, mostDeleted } = readDelete(given, options);
      if ((folder === undefined) === (options.from === undefined)) {
        throw new UserError(
          'Name a folder or a server to import:\n' +
            `  ${asTyped(command, 'import --organization acme DIR')}\n` +
            `  ${asTyped(command, 'import --organization acme --from https://app.mode.com/batch/acme')}`,
        );
      }
      if (folder !== undefined) requireNoServerOptions(options);
      if (options.keepMissing && mostDeleted !== undefined)
        throw new UserError('--keep-missing keeps what --delete deletes. Use only one of them.');
      checkSourceName(options.source);
      const outcome = await withStore(command, configOf(command), async (database) => {
        const organization = await getOrganization(command, database, options.organization);
        const into: Target = { command, database, organization, options, mostDeleted };
        return folder === undefined
          ? importServer(into, parseInventoryUrl(options.from ?? ''))
          : importFolder(into, resolve(userDirectory(command), folder));
      });
      report(command, outcome, mostDeleted);
    },
  );
}

/** What is about the copy of a server means nothing for a folder. */
function requireNoServerOptions({ fresh, bearerFile }: Options): void {
  const given = [fresh ? '--fresh' : '', bearerFile !== undefined ? '--bearer-file' : ''];
  const names = given.filter((name) => name !== '').join(' and ');
  if (names === '') return;
  throw new UserError(
    `${names} cannot be used with a folder, which is read as it is. Omit it, or import from a server with --from.`,
  );
}

/** `--delete DIR` is read as if DIR belonged to it; a number does, and nothing else. */
function readDelete(
  folder: string | undefined,
  { delete: text, from }: Options,
): { folder: string | undefined; mostDeleted: number | undefined } {
  if (text === undefined) return { folder, mostDeleted: undefined };
  if (text === true) return { folder, mostDeleted: Number.POSITIVE_INFINITY };
  if (/^\d{1,15}$/.test(text)) return { folder, mostDeleted: Number(text) };
  if (folder === undefined && from === undefined && text !== '')
    return { folder: text, mostDeleted: Number.POSITIVE_INFINITY };
  throw new UserError(
    `--delete is ${quoted(text)}; it must be a whole number, as in --delete=100.`,
  );
}

function checkSourceName(name: string | undefined): void {
  if (name === undefined || (/^[^\p{Cc}]+$/u.test(name) && !isLonger(name, MAX_LENGTH.name)))
    return;
  throw new UserError(
    `--source is ${quoted(name)}; it must be one line of 1 to ${MAX_LENGTH.name} characters.`,
  );
}

/** What came of an import; with `rows` it was a rehearsal. */
type Outcome = { summary: ImportSummary; rows?: readonly PlannedChange[] };

function report(
  command: RollcallCommand,
  { summary, rows }: Outcome,
  mostDeleted: number | undefined,
): void {
  if (rows) {
    print(command, { dry_run: true, rows, lists: summary }, () =>
      [...rows.map(describeChange), describeSummary(summary), 'Nothing was written.'].join('\n'),
    );
  } else print(command, summary, describeSummary);
  for (const text of describeKept(summary)) warn(command, text);
  const refusal = describeRefusal(summary, mostDeleted);
  if (refusal === undefined) return;
  command.surroundings.stderr.write(`rollcall: ${refusal}\n`);
  throw endedWith(REFUSED_EXIT_CODE);
}

type Target = {
  command: RollcallCommand;
  database: Database;
  organization: Organization;
  options: Options;
  mostDeleted: number | undefined;
};

function importFolder(into: Target, folder: string): Promise<Outcome> {
  const { organization, lists } = readFolder(folder);
  return importLists(into, into.options.source ?? organization ?? UNNAMED_SOURCE, lists);
}

/** Copies the server's lists to a staging folder, which no other process uses meanwhile, then imports them from there. */
async function importServer(into: Target, url: InventoryUrl): Promise<Outcome> {
  const { command, organization, options } = into;
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
  return withSource(command, url, progress.note, async (client, credential) => {
    const claimed = claimThisFolder(folder);
    if (claimed === undefined)
      throw new UserError(
        `Another process is copying ${name} for ${organization.username}. Import again when it is done.`,
      );
    try {
      const isFresh = options.fresh === true;
      const sourceName = options.source ?? name;
      const isFirst =
        options.keepMissing === true ||
        (await findSource(into.database, organization.id, sourceName)) === undefined;
      const say = (text: string) => warn(command, text);
      const onProgress = progress.update;
      const copied = await copyInventory(client, {
        folder,
        credential,
        isFresh,
        isFirst,
        onProgress,
        say,
      }).finally(progress.finish);
      return await importCopy(into, name, { folder, copied });
    } finally {
      claimed.release();
    }
  });
}

/** Imports what was copied, which is used once. */
async function importCopy(
  into: Target,
  name: string,
  { folder, copied }: { folder: string; copied: Record<ListName, CopiedList> },
): Promise<Outcome> {
  for (const [list, { skipped }] of Object.entries(copied)) {
    if (skipped !== undefined) warn(into.command, `${list} was skipped: ${skipped}`);
  }
  try {
    const lists = readFolder(folder).lists.map((one): SourceList => {
      const { proof, rows } = copied[one.list.name];
      return { ...one, proof, count: one.list === inventoryLists.spaces ? undefined : rows };
    });
    return await importLists(into, into.options.source ?? name, lists);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function importLists(
  { command, database, organization, options, mostDeleted }: Target,
  sourceName: string,
  lists: readonly SourceList[],
): Promise<Outcome> {
  const progress = progressOfLists(command, options.dryRun ? 'Comparing' : 'Importing');
  const source = { sourceName, lists };
  const how = {
    keepMissing: options.keepMissing === true,
    mostDeleted,
    onProgress: ({ name }: List, rows: number, count: number | undefined) =>
      progress.update(name, rows, count),
    onApplied: (steps: number, count: number) => progress.update('changes', steps, count),
  };
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  try {
    if (!options.dryRun)
      return { summary: await importInventory(database, organization, source, how, outside) };
    const rows: PlannedChange[] = [];
    const steps = rehearseImport(database, organization, source, how, randomIdentifiers);
    for (;;) {
      const next = await steps.next();
      if (next.done) return { summary: next.value.summary, rows };
      for await (const row of plannedChanges(database, organization.id, next.value)) rows.push(row);
    }
  } finally {
    progress.finish();
  }
}

/** Progress of one list after the other, and of the steps that change them, each with a line of its own. */
function progressOfLists(command: RollcallCommand, label: string) {
  let shown: { name: ListName | 'changes'; progress: Progress } | undefined;
  return {
    update(name: ListName | 'changes', rows: number, count: number | undefined): void {
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
