import { setTimeout as sleep } from 'node:timers/promises';
import { version as ownVersion } from '../version.ts';
import { type MigrateOptions, type Store, StoreBusyError } from './database.ts';
import type { Migration } from './migrations.ts';
import type { Admission, SchemaRow } from './schema.ts';

/** What migrating takes of a store. */
export type MigratedStore = {
  admission: Admission;
  /** For reading outside transactions. */
  store: Store;
  /** What the store says of its migrations. */
  readSchema(store?: Store): Promise<SchemaRow[]>;
  /** A transaction that no other one of these runs beside. */
  alone<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /** The same, after the end of every transaction that has begun before; those that begin later see what it did. */
  afterOthers(work: (store: Store) => Promise<void>): Promise<void>;
  transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /** Runs all statements of a text. */
  execute(store: Store, sql: string): Promise<void>;
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
  const nextOnes = async (store?: Store) => {
    const { needed, waiting } = migrated.admission.missingFrom(await migrated.readSchema(store));
    return all ? [...needed, ...waiting] : needed;
  };
  const applied: string[] = [];
  for (;;) {
    const [next] = await nextOnes();
    if (next === undefined) return applied;
    // Before anything is done that older versions cannot live with, none of them writes any more.
    if (next.oldest !== undefined) await migrated.afterOthers((store) => begin(store, next));
    if (next.load) {
      const isApplied = await takeTurns(migrated, next, { onProgress, whileBusy });
      if (isApplied) applied.push(next.name);
      continue;
    }
    await migrated.alone(async (store) => {
      const ready = sqlAtOnce(await nextOnes(store), next); // asked again: another process may have been first
      for (const { sql } of ready) await migrated.execute(store, sql);
      for (const migration of ready) await saveApplied(store, migration);
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
  await migrated.alone((store) => begin(store, { version, oldest }));
  const begun = (await migrated.readSchema()).find((row) => row.version === version);
  const total = await step.countLeft(migrated.store, undefined);
  const left = begun?.place ? await step.countLeft(migrated.store, begun.place) : total;
  const takeTurn = async (store: Store): Promise<'applied' | 'by others' | number> => {
    const place = await holdPlace(store, version);
    if (place === null) return 'by others';
    const turn = await step.takeTurn(store, place === '' ? undefined : place);
    if (turn === undefined) {
      await saveApplied(store, { version, oldest });
      return 'applied';
    }
    await savePlace(store, version, turn.place);
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

async function begin(store: Store, { version, oldest }: Numbered): Promise<void> {
  await store.run(
    `insert into rollcall_schema (version, applied_by, oldest, place) values (?, ?, ?, '')
     on conflict (version) do nothing`,
    [version, ownVersion, oldest ?? null],
  );
}

async function saveApplied(store: Store, { version, oldest }: Numbered): Promise<void> {
  await store.run(
    `insert into rollcall_schema (version, applied_by, oldest) values (?, ?, ?)
     on conflict (version) do update set applied_by = excluded.applied_by, place = null`,
    [version, ownVersion, oldest ?? null],
  );
}

async function savePlace(store: Store, version: number, place: string): Promise<void> {
  await store.run('update rollcall_schema set place = ? where version = ?', [place, version]);
}

/** Where the migration continues, and keeps others from continuing it until the transaction ends; null once it is applied. */
async function holdPlace(store: Store, version: number): Promise<string | null> {
  const row = await store.get<{ place: string | null }>(
    'update rollcall_schema set place = place where version = ? returning place',
    [version],
  );
  return row?.place ?? null;
}
