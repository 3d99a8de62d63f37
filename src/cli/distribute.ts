import type { Database } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { analyzeRows } from '../inventory/row-store.ts';
import { configOf, print, withOptions, withStore } from './command-line.ts';
import { startProgress } from './progress.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { formatTable } from './table.ts';

type Distributed = { table: string; rows: number };

export function addDistributeCommand(program: RollcallCommand): void {
  const command = program
    .command('distribute')
    .description(
      'Distribute the PostgreSQL store over the nodes of a Citus cluster, and verify it. Stop all servers and workers first.',
    )
    .option('--shards <N>', 'Shards of each table; the default is the setting citus.shard_count.')
    .option('--json', 'Print the distributed tables as JSON.');
  withOptions(command, 'dataDir').action(async ({ shards }: { shards?: string }) => {
    const config = configOf(command);
    if (config.databaseUrl === undefined) {
      throw new UserError(
        'ROLLCALL_DATABASE_URL is not set. Only a store in PostgreSQL can be distributed; move one there with "rollcall move".',
      );
    }
    const count = checkShards(shards);
    await withStore(command, config, async (database) => {
      const distributed = await distribute(command, database, count);
      print(command, distributed, describe);
    });
  });
}

const MAX_SHARDS = 1024;

function checkShards(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const shards = /^[1-9]\d{0,3}$/.test(given) ? Number(given) : 0;
  if (shards >= 1 && shards <= MAX_SHARDS) return shards;
  throw new UserError(`--shards is "${given}"; it must be a whole number from 1 to ${MAX_SHARDS}.`);
}

async function distribute(
  command: RollcallCommand,
  database: Database,
  shards: number | undefined,
): Promise<Distributed[]> {
  const output = command.surroundings.stderr;
  let progress: ReturnType<typeof startProgress> | undefined;
  try {
    const distributed = await database.distribute?.({
      shards,
      isAlone: true,
      onTable(done, total) {
        progress ??= startProgress('Distributing tables', total, { output });
        progress.update(done);
      },
    });
    const misplaced = (await database.findMisplaced?.()) ?? [];
    if (misplaced.length > 0) {
      throw new UserError(`The store is not distributed as it should be: ${misplaced.join('; ')}.`);
    }
    await analyzeRows(database);
    return distributed ?? [];
  } finally {
    progress?.finish();
  }
}

function describe(distributed: readonly Distributed[]): string {
  if (distributed.length === 0) return 'The store is distributed already, and nothing is missing.';
  const shown = distributed.map(({ table, rows }) => [table, String(rows)]);
  return `${formatTable(['TABLE', 'ROWS'], shown)}\nThe store is distributed. Start the servers and workers.`;
}
