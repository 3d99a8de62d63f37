import type { Database } from '../database/database.ts';
import {
  describePlace,
  hasStoreFile,
  openStoreAsItIs,
  openStoreFile,
} from '../database/open-store.ts';
import { ELSEWHERE_FILE, findStoreElsewhere, markFolder } from '../database/store-elsewhere.ts';
import { UserError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { moveData } from '../move/move-data.ts';
import type { Part } from '../move/tally.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { configOf, print, requireStoreFile, withOptions } from './command-line.ts';
import { migrateStore } from './migrate-store.ts';
import { type Progress, startProgress } from './progress.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { formatTable } from './table.ts';

export function addMoveCommand(program: RollcallCommand): void {
  const command = program
    .command('move')
    .description(
      'Copy everything from the data folder into the empty PostgreSQL database in ROLLCALL_DATABASE_URL, and verify the copy. ' +
        'Stop the servers on the data folder first.',
    )
    .option('--json', 'Print the copied tables, with their checksums, as JSON.');
  withOptions(command, 'dataDir').action(async () => {
    const { dataDir, ...config } = configOf(command);
    if (config.databaseUrl === undefined) {
      throw new UserError(
        'ROLLCALL_DATABASE_URL is not set. Set it to the PostgreSQL to move into: postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      );
    }
    if (!hasStoreFile({ dataDir }) && findStoreElsewhere({ dataDir }) !== undefined) {
      throw new UserError(
        `There is nothing to move from ${dataDir}: its store is in PostgreSQL already. To move another folder, name it with --data-dir or ROLLCALL_DATA_DIR.`,
      );
    }
    requireStoreFile(command, { dataDir });
    const sqlite = openStoreFile({ dataDir });
    try {
      await migrateStore(command, sqlite, { finish: true });
      const postgres = openStoreAsItIs({ dataDir, ...config });
      try {
        await postgres.migrate();
        const moved = await moveWithProgress(command, sqlite, postgres);
        const organizations = await listOrganizations(postgres);
        const usernames = new Map(organizations.map(({ id, username }) => [id, username]));
        print(
          command,
          moved.map((part) => toJson(part, usernames)),
          describe,
        );
        // What is in the folder is history from here on, which no command is to take for the store.
        markFolder(dataDir, describePlace({ dataDir, ...config }));
      } finally {
        await postgres.close();
      }
    } finally {
      await sqlite.close();
    }
  });
}

type Moved = ReturnType<typeof toJson>;

function toJson(part: Part, usernames: ReadonlyMap<number, string>) {
  const list = Object.values(lists).find(({ number }) => number === part.list);
  return {
    table: part.table,
    organization: usernames.get(part.organizationId ?? 0) ?? null,
    list: list?.name ?? null,
    rows: part.rows,
    sha256: part.sha256,
  };
}

function describe(moved: readonly Moved[]): string {
  const shown = moved.map(({ table, organization, list, rows, sha256 }) => [
    organization === null ? table : `${list} of ${organization}`,
    String(rows),
    sha256.slice(0, 16),
  ]);
  return `${formatTable(['WHAT', 'ROWS', 'SHA-256'], shown)}\nEverything is in PostgreSQL, byte for byte. The store in the data folder was not changed; ${ELSEWHERE_FILE} beside it keeps commands from using it.`;
}

async function moveWithProgress(
  command: RollcallCommand,
  sqlite: Database,
  postgres: Database,
): Promise<Part[]> {
  let step: 'copy' | 'check' | undefined;
  let progress: Progress | undefined;
  try {
    return await moveData(sqlite, postgres, (nextStep, rows, total) => {
      if (nextStep !== step) {
        progress?.finish();
        progress = startProgress(nextStep === 'copy' ? 'Copying rows' : 'Comparing rows', total, {
          output: command.surroundings.stderr,
        });
        step = nextStep;
      }
      progress?.update(rows);
    });
  } finally {
    progress?.finish();
  }
}
