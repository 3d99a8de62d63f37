import { setTimeout as sleep } from 'node:timers/promises';
import { version as ownVersion } from '../version.ts';
import { type MigrateOptions, type Queries, StoreBusyError } from './database.ts';
import type { Migration } from './migrations.ts';
import type { Admission, SchemaRow } from './schema.ts';

/** What migrating takes of a store. */
export type MigratedStore = {
  admission: Admission;
  /** For reading outside transactions. */
  queries: Queries;
  /** What the store says of its migrations. */
  readSchema(queries?: Queries): Promise<SchemaRow[]>;
  /** A transaction that no other one of these runs beside. */
  alone<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** The same, after the end of every transaction that has begun before; those that begin later see what it did. */
  afterOthers(work: (queries: Queries) => Promise<void>): Promise<void>;
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Runs all statements of a text. */
  execute(queries: Queries, sql: string): Promise<void>;
};

/** Between two turns everybody who waits for the store tries once. */
const TURN_MS = 15;
const BUSY_MS = 500;

/**
 * Applies the migrations that a store lacks, in order; answers the names of those that this process has brought to their
 * end. Others may do the same at once.
 */
export async function migrateStore(
  migrated: MigratedStore,
  { finish = false, onProgress, whileBusy = () => sleep(BUSY_MS) }: MigrateOptions = {},
): Promise<string[]> {
  // A new store is used by nobody yet.
  const all = finish || (await migrated.readSchema()).length === 0;
  const nextOnes = async (queries?: Queries) => {
    const { needed, waiting } = migrated.admission.missingFrom(await migrated.readSchema(queries));
    return all ? [...needed, ...waiting] : needed;
  };
  const applied: string[] = [];
  for (;;) {
    const [next] = await nextOnes();
    if (next === undefined) return applied;
    // Before anything is done that older versions cannot live with, none of them writes any more.
    if (next.oldest !== undefined) await migrated.afterOthers((queries) => begin(queries, next));
    if (next.load) {
      const isApplied = await takeTurns(migrated, next, { onProgress, whileBusy });
      if (isApplied) applied.push(next.name);
      continue;
    }
    await migrated.alone(async (queries) => {
      const ready = sqlAtOnce(await nextOnes(queries), next); // asked again: another process may have been first
      for (const { sql } of ready) await migrated.execute(queries, sql);
      for (const migration of ready) await saveApplied(queries, migration);
      applied.push(...ready.map(({ name }) => name));
    });
  }
}

/** Those that can be applied in one transaction, from the first one on. */
function sqlAtOnce(
  missing: readonly Migration[],
  first: Migration,
): Extract<Migration, { sql: string }>[] {
  const ready: Extract<Migration, { sql: string }>[] = [];
  for (const migration of missing) {
    const isBegun = migration.oldest === undefined || migration.version === first.version;
    if (migration.sql === undefined || !isBegun) break;
    ready.push(migration);
  }
  return ready;
}

/** Takes turns at a migration in code until nothing is left. Answers whether this process did the last one. */
async function takeTurns(
  migrated: MigratedStore,
  { version, name, load, oldest }: Extract<Migration, { load: unknown }>,
  { onProgress, whileBusy }: Pick<MigrateOptions, 'onProgress' | 'whileBusy'>,
): Promise<boolean> {
  const step = await load();
  let done = 0;
  await migrated.alone((queries) => begin(queries, { version, oldest }));
  const begun = (await migrated.readSchema()).find((row) => row.version === version);
  const total = await step.countLeft(migrated.queries, undefined);
  const left = begun?.place ? await step.countLeft(migrated.queries, begun.place) : total;
  const takeTurn = async (queries: Queries): Promise<'applied' | 'by others' | number> => {
    const place = await holdPlace(queries, version);
    if (place === null) return 'by others';
    const turn = await step.takeTurn(queries, place === '' ? undefined : place);
    if (turn === undefined) {
      await saveApplied(queries, { version, oldest });
      return 'applied';
    }
    await savePlace(queries, version, turn.place);
    return turn.done;
  };
  for (;;) {
    if (total > 0) onProgress?.(name, Math.min(total - left + done, total), total);
    try {
      const result = await migrated.transaction(takeTurn);
      if (typeof result === 'string') return result === 'applied';
      done += result;
    } catch (error) {
      if (!(error instanceof StoreBusyError)) throw error;
      await whileBusy?.(error);
    }
    await sleep(TURN_MS);
  }
}

type Numbered = Pick<Migration, 'version' | 'oldest'>;

async function begin(queries: Queries, { version, oldest }: Numbered): Promise<void> {
  await queries.run(
    `insert into rollcall_schema (version, applied_by, oldest, place) values (?, ?, ?, '')
     on conflict (version) do nothing`,
    [version, ownVersion, oldest ?? null],
  );
}

async function saveApplied(queries: Queries, { version, oldest }: Numbered): Promise<void> {
  await queries.run(
    `insert into rollcall_schema (version, applied_by, oldest) values (?, ?, ?)
     on conflict (version) do update set applied_by = excluded.applied_by, place = null`,
    [version, ownVersion, oldest ?? null],
  );
}

async function savePlace(queries: Queries, version: number, place: string): Promise<void> {
  await queries.run('update rollcall_schema set place = ? where version = ?', [place, version]);
}

/** Where the migration continues, and keeps others from continuing it until the transaction ends; null once it is applied. */
async function holdPlace(queries: Queries, version: number): Promise<string | null> {
  const row = await queries.get<{ place: string | null }>(
    'update rollcall_schema set place = place where version = ? returning place',
    [version],
  );
  return row?.place ?? null;
}
