import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../clock.ts';
import {
  type Database,
  DuplicateError,
  type Queries,
  StoreBusyError,
  type Value,
} from './database.ts';
import { type Migration, migrationsAfter } from './migrations.ts';
import { commitsOf } from './sqlite-commits.ts';

type Connection = Sqlite.Database;

/** How long opening waits, and a read while another process mends what a crash left. */
const OPEN_WAIT_MS = 5_000;

/**
 * SQLite as a store: WAL, `synchronous=FULL`, one connection that writes and one that reads, so that
 * reads never see a transaction of this process half done. Other processes may use the same file.
 *
 * @param synchronous `off` for what may be lost when the machine fails.
 * @param waitMs how long a transaction waits for a writer of another process before StoreBusyError.
 */
export function openSqlite(
  path: string,
  { waitMs = 30_000, synchronous = 'full' }: { waitMs?: number; synchronous?: 'full' | 'off' } = {},
): Database {
  // An import touches pages all over the file; what is read is read once, and then served from elsewhere.
  const writer = connect(path, synchronous, 65_536);
  const reader = connect(path, synchronous, 8_192);
  reader.pragma('query_only = 1');
  writer.pragma('busy_timeout = 0'); // `begin` waits, without blocking the event loop
  const read = queriesOn(reader);
  const write = queriesOn(writer);
  let lastTransaction: Promise<unknown> = Promise.resolve();

  /** Transactions of this process take turns; the event loop is never blocked by another process. */
  function transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const turn = lastTransaction.then(async () => {
      await begin(writer, waitMs);
      try {
        const result = await work(write);
        writer.exec('commit');
        return result;
      } catch (error) {
        if (writer.inTransaction) writer.exec('rollback');
        throw error;
      }
    });
    lastTransaction = turn.catch(() => undefined);
    return turn;
  }

  return {
    all: read.all,
    allEach: read.allEach,
    get: read.get,
    run: (sql, values) => transaction((queries) => queries.run(sql, values)),
    runEach: (sql, values) => transaction((queries) => queries.runEach(sql, values)),
    transaction,
    commits: commitsOf(path),
    missingMigrations: async () => missingMigrations(writer).map((migration) => migration.name),
    async migrate() {
      if (missingMigrations(writer).length === 0) return [];
      return transaction(async () => {
        const applied = missingMigrations(writer); // asked again: another process may have been first
        for (const migration of applied) {
          writer.exec(migration.sql);
          writer.pragma(`user_version = ${migration.version}`);
        }
        return applied.map((migration) => migration.name);
      });
    },
    async check() {
      const rows = reader.pragma('quick_check(20)') as { quick_check: string }[];
      return rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
    },
    async close() {
      await lastTransaction;
      reader.close();
      writer.close();
    },
  };
}

function missingMigrations(connection: Connection): Migration[] {
  return migrationsAfter('sqlite', connection.pragma('user_version', { simple: true }) as number);
}

function connect(path: string, synchronous: 'full' | 'off', cacheKilobytes: number): Connection {
  const connection = new Sqlite(path, { timeout: OPEN_WAIT_MS });
  // Of a new file only. Rows hold SQL, so many are too long for SQLite's own 4096 and would need a page more each.
  connection.pragma('page_size = 8192');
  useWal(connection);
  connection.pragma(`synchronous = ${synchronous}`);
  connection.pragma('foreign_keys = on');
  connection.pragma(`cache_size = -${cacheKilobytes}`);
  return connection;
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

async function begin(writer: Connection, waitMs: number): Promise<void> {
  const giveUpAt = systemClock() + waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    try {
      writer.exec('begin immediate');
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

function queriesOn(connection: Connection): Queries {
  const statements = new Map<string, Sqlite.Statement>();
  const statement = (sql: string): Sqlite.Statement => {
    let prepared = statements.get(sql);
    if (prepared === undefined) {
      prepared = connection.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  return {
    async all<Row>(sql: string, values: readonly Value[] = []) {
      return statement(sql).all(...values) as Row[];
    },
    async allEach<Row>(sql: string, valuesOfEach: readonly (readonly Value[])[]) {
      const prepared = statement(sql);
      return valuesOfEach.flatMap((values) => prepared.all(...values) as Row[]);
    },
    async get<Row>(sql: string, values: readonly Value[] = []) {
      return statement(sql).get(...values) as Row | undefined;
    },
    async run(sql, values = []) {
      return orDuplicate(() => statement(sql).run(...values).changes);
    },
    async runEach(sql, valuesOfEach) {
      const prepared = statement(sql);
      orDuplicate(() => {
        for (const values of valuesOfEach) prepared.run(...values);
      });
    },
  };
}

function orDuplicate<Result>(write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (
      hasCode(error, 'SQLITE_CONSTRAINT_UNIQUE') ||
      hasCode(error, 'SQLITE_CONSTRAINT_PRIMARYKEY')
    ) {
      throw new DuplicateError((error as Error).message);
    }
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith(code);
}
