import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../clock.ts';
import { UserError } from '../errors.ts';
import {
  type Database,
  type SqlForMany,
  type Store,
  StoreBusyError,
  type Value,
} from './database.ts';
import { type MigratedStore, migrateStore } from './migrate.ts';
import { readMigrations } from './migrations.ts';
import { Admission, RECORDED_SINCE, type SchemaRow } from './schema.ts';
import { inShortTurns } from './short-turns.ts';
import { commitsInIndex, commitsSeenBy } from './sqlite-commits.ts';
import { hasCode, inWords } from './sqlite-errors.ts';
import { requireSameFiles } from './sqlite-files.ts';

type Connection = Sqlite.Database;

/** Whoever writes again and again leaves the others longer pauses than this one, for each of them to try. */
const MOST_PAUSE_MS = 10;
/** How long opening waits, and a read while another process mends what a crash left. */
const OPEN_WAIT_MS = 5_000;

/**
 * SQLite as a store: WAL, `synchronous=FULL`, one connection that writes and one that reads, so that
 * reads never see a transaction of this process half done. Other processes may use the same file.
 *
 * @param synchronous `off` for what may be lost, when the machine fails or the file is replaced.
 * @param waitMs how long a transaction waits for a writer of another process before StoreBusyError.
 */
export function openSqlite(
  path: string,
  { waitMs = 30_000, synchronous = 'full' }: { waitMs?: number; synchronous?: 'full' | 'off' } = {},
): Database {
  // An import touches pages all over the file; what is read is read once, and then served from elsewhere.
  const writer = inWords(path, () => connect(path, synchronous, 65_536));
  const reader = inWords(path, () => connect(path, synchronous, 8_192));
  reader.pragma('query_only = 1');
  writer.pragma('busy_timeout = 0'); // `begin` waits, without blocking the event loop
  const admission = new Admission('sqlite');
  const read = inShortTurns(queriesOn(reader, path, () => admission.require()));
  const write = inShortTurns(queriesOn(writer, path));
  const commits = commitsInIndex(path) ?? commitsSeenBy(reader);
  const requireFiles = synchronous === 'full' ? requireSameFiles(path) : () => undefined;
  let lastTransaction: Promise<unknown> = Promise.resolve();

  /** Transactions of this process take turns; the event loop is never blocked by another process. */
  function transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    const turn = lastTransaction.then(async () => {
      await begin(writer, path, waitMs);
      try {
        requireFiles();
        if (admission.isRecorded)
          admission.admit(await write.all(`${ROWS} where oldest is not null`));
        const result = await work(write);
        requireFiles();
        inWords(path, () => writer.exec('commit'));
        return result;
      } catch (error) {
        // A disk that took no write may not take this either; the next transaction then says so.
        if (writer.inTransaction) inWords(path, () => writer.exec('rollback'));
        throw error;
      }
    });
    lastTransaction = turn.catch(() => undefined);
    return turn;
  }

  const migrated: MigratedStore = {
    admission,
    store: read,
    readSchema: async () => inWords(path, () => readSchema(writer)),
    alone: (work) =>
      transaction(async (store) => {
        const result = await work(store);
        // Versions from before the table of them go by this number.
        const version = inWords(path, () => highestOf(readSchema(writer)));
        inWords(path, () => writer.pragma(`user_version = ${version}`));
        return result;
      }),
    afterOthers: transaction,
    transaction,
    execute: async (_, sql) => inWords(path, () => void writer.exec(sql)),
  };

  return {
    all: read.all,
    allEach: read.allEach,
    everywhere: read.everywhere,
    get: read.get,
    run: (sql, values) => transaction((store) => store.run(sql, values)),
    runEach: (sql, values) => transaction((store) => store.runEach(sql, values)),
    transaction,
    commits: () => commits.count(),
    async missingMigrations() {
      requireFiles();
      const { needed, waiting } = admission.missingFrom(inWords(path, () => readSchema(writer)));
      return { needed: needed.map(({ name }) => name), waiting: waiting.map(({ name }) => name) };
    },
    migrate: (options) => migrateStore(migrated, options),
    async tryWriting() {
      await transaction(async () => {
        inWords(path, () => writer.pragma(`user_version = ${numberOf(writer)}`));
      });
    },
    // It goes by what migrations say of every table's rows.
    analyze: async () => undefined,
    async check() {
      const rows = reader.pragma('quick_check(20)') as { quick_check: string }[];
      return rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
    },
    async close() {
      await lastTransaction;
      commits.close();
      reader.close();
      writer.close();
    },
  };
}

/**
 * What the store says of its migrations.
 *
 * @throws UserError where the file is a database of something else, which must not become half a store.
 */
function readSchema(connection: Connection): SchemaRow[] {
  const number = numberOf(connection);
  const tables = connection
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all();
  const isOurs = tables.includes('organizations') || (number === 0 && tables.length === 0);
  if (!isOurs) {
    throw new UserError(
      `${connection.name} is a database of another program, or has lost its tables. Name the right folder with --data-dir or ` +
        'ROLLCALL_DATA_DIR, or restore a backup.',
    );
  }
  if (tables.includes('rollcall_schema')) return connection.prepare(ROWS).all() as SchemaRow[];
  const applied = readMigrations('sqlite')
    .map(({ version }) => version)
    .filter((version) => version < Math.min(number, RECORDED_SINCE));
  if (number > 0) applied.push(number);
  return applied.map((version) => ({ version, appliedBy: null, oldest: null, place: null }));
}

const ROWS = 'select version, applied_by as appliedBy, oldest, place from rollcall_schema';

function highestOf(rows: readonly SchemaRow[]): number {
  return Math.max(0, ...rows.filter(({ place }) => place === null).map(({ version }) => version));
}

/** The number of the last migration, as the file says it. */
function numberOf(connection: Connection): number {
  return connection.pragma('user_version', { simple: true }) as number;
}

function connect(path: string, synchronous: 'full' | 'off', cacheKilobytes: number): Connection {
  const connection = new Sqlite(path, { timeout: OPEN_WAIT_MS });
  try {
    // Of a new file only. Rows hold SQL, so many are too long for SQLite's own 4096 and would need a page more each.
    connection.pragma('page_size = 8192');
    useWal(connection);
    connection.pragma(`synchronous = ${synchronous}`);
    connection.pragma('foreign_keys = on');
    connection.pragma(`cache_size = -${cacheKilobytes}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Two processes that make the same new file keep each other from it; SQLite then refuses one at once, without a wait. */
function useWal(connection: Connection): void {
  for (const giveUpAt = systemClock() + OPEN_WAIT_MS; ; ) {
    try {
      connection.pragma('journal_mode = wal');
      return;
    } catch (error) {
      if (!hasCode(error, 'SQLITE_BUSY') || systemClock() >= giveUpAt) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

async function begin(writer: Connection, path: string, waitMs: number): Promise<void> {
  const giveUpAt = systemClock() + waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS)) {
    try {
      inWords(path, () => writer.exec('begin immediate'));
      return;
    } catch (error) {
      if (!hasCode(error, 'SQLITE_BUSY')) throw error;
      if (systemClock() >= giveUpAt) {
        throw new StoreBusyError(
          `Another process has been writing to the store for more than ${waitMs / 1000} s.`,
        );
      }
    }
    await sleep(pauseMs);
  }
}

/** @param requireAdmitted throws if the store is not to be asked. */
function queriesOn(
  connection: Connection,
  path: string,
  requireAdmitted: () => void = () => undefined,
): Store {
  const statements = new Map<string, Sqlite.Statement>();
  const statement = (sql: string): Sqlite.Statement => {
    requireAdmitted();
    let prepared = statements.get(sql);
    if (prepared === undefined) {
      prepared = connection.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  const store: Store = {
    async all<Row>(sql: string, values: readonly Value[] = []) {
      return inWords(path, () => statement(sql).all(...values) as Row[]);
    },
    async allEach<Row>(sql: string, valuesOfEach: readonly (readonly Value[])[]) {
      return inWords(path, () => {
        const prepared = statement(sql);
        return valuesOfEach.flatMap((values) => prepared.all(...values) as Row[]);
      });
    },
    async everywhere<Row>(
      sql: SqlForMany,
      values: readonly Value[] = [],
      among?: readonly number[],
    ) {
      if (among === undefined) return store.all<Row>(sql(always), values);
      const rows = among.map((id) =>
        store.all<Row>(
          sql((column) => `${column} = ${id}`),
          values,
        ),
      );
      return (await Promise.all(rows)).flat();
    },
    async get<Row>(sql: string, values: readonly Value[] = []) {
      return inWords(path, () => statement(sql).get(...values) as Row | undefined);
    },
    async run(sql, values = []) {
      return inWords(path, () => statement(sql).run(...values).changes);
    },
    async runEach(sql, valuesOfEach) {
      inWords(path, () => {
        const prepared = statement(sql);
        for (const values of valuesOfEach) prepared.run(...values);
      });
    },
  };
  return store;
}

const always = () => '1 = 1';
