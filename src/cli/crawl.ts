import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { ListName, RollcallClient } from '../client/index.ts';
import { UserError } from '../errors.ts';
import { parseInventoryUrl } from '../import/inventory-url.ts';
import { endLineOf } from '../inventory/end-line.ts';
import { lists } from '../inventory/lists.ts';
import { userDirectory } from './command-line.ts';
import { printChanges } from './crawl-changes.ts';
import { withBearerFile, withSource } from './discovery-source.ts';
import { startProgress } from './progress.ts';
import { endedWith, type Output, type RollcallCommand } from './rollcall-command.ts';

type Options = {
  list?: ListName;
  includeSpaces?: 'all';
  perPage?: number;
  endLine?: true;
  since?: string;
};
type Wanted = {
  list: ListName;
  includeSpaces: 'all' | undefined;
  perPage: number | undefined;
  endLine: boolean;
};

/** What a shell reports of a program that wrote to a pipe nobody reads any more: 128 + SIGPIPE. */
const BROKEN_PIPE_EXIT_CODE = 141;

export function addCrawlCommand(program: RollcallCommand): void {
  const command = program
    .command('crawl')
    .description('Print every row of a server’s list as NDJSON, one JSON object per line.')
    .argument(
      '<URL>',
      'URL of an organization or one of its lists, such as http://127.0.0.1:4146/batch/acme/reports.',
    )
    .addOption(
      new Option(
        '--list <LIST>',
        'The list; by default the one in the URL, or else reports.',
      ).choices(Object.keys(lists)),
    )
    .addOption(new Option('--include-spaces <WHICH>', 'Include personal spaces.').choices(['all']))
    .option('--per-page <NUMBER>', 'Rows per request, 1 to 1000; 1000 by default.', parsePerPage)
    .option(
      '--end-line',
      'Print a last line with the number of rows if the list is complete. Without it, an import deletes nothing.',
    )
    .option(
      '--since <FILE>',
      'Print the changes since the cursor in this file instead, of all lists unless one is named, and save the new ' +
        'cursor. If the file does not exist, print everything.',
    );
  withBearerFile(command).action(async (text: string, options: Options) => {
    const url = parseInventoryUrl(text);
    if (url.list && options.list && url.list !== options.list) {
      throw new UserError(
        `The URL names the list ${url.list}, and --list ${options.list}. Use only one of them.`,
      );
    }
    if (options.endLine && options.since !== undefined)
      throw new UserError('Changes have no end: use --end-line or --since, not both.');
    const { stdout, stderr } = command.surroundings;
    const named = options.list ?? url.list;
    const list = named ?? 'reports';
    const { includeSpaces, perPage, since } = options;

    // A bar between the rows on one screen would spoil both.
    const progress =
      stderr.isTTY && !stdout.isTTY && since === undefined
        ? startProgress(list, undefined, { output: stderr })
        : undefined;
    const say = progress?.note ?? ((line: string) => void stderr.write(`${line}\n`));
    try {
      const print = printer(stdout);
      await withSource(command, url, say, (client) => {
        if (since === undefined) {
          const wanted = { list, includeSpaces, perPage, endLine: options.endLine === true };
          return printRows(client, wanted, { print, say, onProgress: progress?.update });
        }
        const file = resolve(userDirectory(command), since);
        return printChanges(client, file, { list: named, includeSpaces, limit: perPage }, print);
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      throw endedWith(BROKEN_PIPE_EXIT_CODE);
    } finally {
      progress?.finish();
    }
  });
}

type Reporting = {
  print: (text: string) => Promise<void>;
  /** Told what is no failure. */
  say: (line: string) => void;
  onProgress: ((rows: number, total: number) => void) | undefined;
};

/**
 * The counts of a page are those of its moment, so they need not be what was printed where a list changes meanwhile.
 *
 * @throws UserError where the server gave fewer or more rows than it said on every page that there are.
 */
async function printRows(
  client: RollcallClient,
  { list, endLine, ...options }: Wanted,
  { print, say, onProgress }: Reporting,
): Promise<void> {
  let count = 0;
  const totals = new Set<number>();
  let total = 0;
  for await (const { rows, pagination } of client.pages(list, options)) {
    await print(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    count += rows.length;
    total = pagination.total_count;
    totals.add(total);
    onProgress?.(count, total);
  }
  if (endLine && totals.size === 1 && count === total) {
    const includesPersonal = options.includeSpaces === 'all';
    await print(endLineOf({ list, rows: count, includesPersonal }));
  } else if (endLine && totals.size > 1) {
    say(
      `There is no end line, because ${list} changed while they were read. Run the command again to get one.`,
    );
  }
  if (count === total) return;
  if (totals.size > 1) {
    say(
      `The list of ${list} changed while it was read: rows printed: ${count}, rows at the end: ${total}. ` +
        'Every row that was listed the whole time was printed.',
    );
    return;
  }
  throw new UserError(
    `The server reported ${total} ${list} but returned ${count}. Run the command again; if this repeats, the server is at fault.`,
  );
}

/** Writes text and waits until whoever reads has room for more. */
function printer(output: Output): (text: string) => Promise<void> {
  // The callback of the write says the same; without a listener, the event would end the process with a stack trace.
  output.on('error', () => undefined);
  return (text) =>
    new Promise((resolve, reject) => {
      output.write(text, (error) => (error ? reject(error) : resolve()));
    });
}

function parsePerPage(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}
