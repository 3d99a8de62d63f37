import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { UserError } from '../errors.ts';
import {
  type Database,
  DuplicateError,
  type SqlForMany,
  type Store,
  StoreBusyError,
  type Value,
} from './database.ts';
import {
  deleteLocalRows,
  distributeTables,
  findMisplaced,
  isDistributed,
  migrateDistributed,
  requireAlone,
  requireCoordinator,
} from './distribute.ts';
import { type MigratedStore, migrateStore } from './migrate.ts';
import { Nodes } from './nodes.ts';
import { batch } from './postgres-batch.ts';
import {
  ConflictError,
  checkEncoding,
  checkServerVersion,
  inWords,
  placeOf,
} from './postgres-errors.ts';
import { Admission, type SchemaRow } from './schema.ts';

/** How many lists of values one statement takes; a thousand rows of the largest list are about a megabyte. */
const LISTS_AT_ONCE = 1000;
const MOST_TRIES = 5;
/** How long a new migration may keep new transactions waiting, and how long it lets them pass then. */
const QUEUE_MS = 2_000;
const INT8 = 20;
const NUMERIC = 1700;

export type PostgresOptions = {
  /** How many connections this process opens at most; two or more. */
  maxConnections?: number | undefined;
  /** How long a transaction waits for what another one holds, before StoreBusyError. */
  waitMs?: number;
  /** How long making a connection, or waiting for one that is free, may take before StoreUnavailableError. */
  connectMs?: number;
  /** How long the answer to a statement may take before StoreUnavailableError; in a transaction, after `waitMs`. */
  answerMs?: number;
};

/**
 * PostgreSQL (15 and newer) as a store. Any number of servers may use one database: nothing is kept in a process that
 * another one would have to know, and no setting outlives a transaction in a connection.
 *
 * Half of the connections are for transactions, which may have to wait for each other, so that reading goes on.
 *
 * @param url `postgres://user:password@host:port/database`.
 * @throws UserError where the URL cannot be used.
 */
export function openPostgres(
  url: string,
  {
    maxConnections = 10,
    waitMs = 30_000,
    connectMs = 10_000,
    answerMs = 30_000,
  }: PostgresOptions = {},
): Database {
  const place = placeOf(url);
  const forTransactions = Math.floor(maxConnections / 2);
  checkUrl(url, place);
  const poolOf = (max: number): pg.Pool =>
    new pg.Pool({ ...settings(url), max, connectionTimeoutMillis: connectMs } as pg.PoolConfig);
  const pool = poolOf(maxConnections - forTransactions);
  const transactionPool = poolOf(forTransactions);
  for (const either of [pool, transactionPool]) {
    // A connection that breaks while it is idle is replaced by the next one that is needed.
    either.on('error', () => undefined);
  }
  const admission = new Admission('postgres');
  let distribution: Promise<boolean> | undefined;
  /** Known from the first statement on that depends on it; `distribute` is refused while others are connected. */
  const knowDistribution = () => {
    distribution ??= isDistributed(queriesOn(pool, answerMs, place, async () => false)).catch(
      (error) => {
        distribution = undefined;
        throw error;
      },
    );
    return distribution;
  };
  const unguarded = queriesOn(pool, answerMs, place, knowDistribution);
  const store = queriesOn(pool, answerMs, place, knowDistribution, () => admission.require());
  const nodes = new Nodes(store);

  /** One try at a transaction. `waitMs` and `answerMs` of 0 are without a limit. */
  async function runOnce<Result>(
    work: (store: Store) => Promise<Result>,
    limits: { waitMs: number; answerMs: number },
    readsSchema = admission.isRecorded,
  ): Promise<Result> {
    const isOnNodes = await knowDistribution();
    const client = await transactionPool.connect().catch((error) => {
      throw inWords(error, place);
    });
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      const inTransaction = queriesOn(client, limits.answerMs, place, knowDistribution);
      admission.admit(await begin(client, limits, { place, readsSchema, isOnNodes }));
      const result = await work(inTransaction);
      await commit(client, limits.answerMs, place);
      return result;
    } catch (error) {
      await client
        .query({ text: 'rollback', query_timeout: connectMs } as pg.QueryConfig)
        .catch(onError);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async function transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await runOnce(work, { waitMs, answerMs: waitMs + answerMs });
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
      await sleep(Math.random() * 20 * 2 ** tries);
    }
  }

  const migrated: MigratedStore = {
    admission,
    store: unguarded,
    readSchema: (inTransaction = unguarded) => readSchema(inTransaction, place),
    // Servers that start at once take turns here.
    alone: (work) => withLock('exclusive', 0, work),
    async afterOthers(work) {
      // Whatever begins while this waits, waits as well: so it does not wait for long.
      for (;;) {
        try {
          return await withLock('access exclusive', QUEUE_MS, work);
        } catch (error) {
          if (!(error instanceof StoreBusyError)) throw error;
        }
        await sleep(QUEUE_MS);
      }
    },
    transaction,
    async execute(inTransaction, sql) {
      if (await knowDistribution()) await migrateDistributed(inTransaction, sql);
      else await inTransaction.run(sql);
    },
  };

  /** A transaction that has locked the table of migrations. */
  async function withLock<Result>(
    mode: string,
    waitMs: number,
    work: (store: Store) => Promise<Result>,
  ): Promise<Result> {
    await ensureSchemaTable(unguarded);
    const locked = async (inTransaction: Store) => {
      await inTransaction.run(`lock table rollcall_schema in ${mode} mode`);
      return work(inTransaction);
    };
    return runOnce(locked, { waitMs, answerMs: 0 }, false);
  }

  return {
    ...store,
    async everywhere(sql, values, among) {
      if (!(await knowDistribution())) return store.everywhere(sql, values, among);
      return nodes.ask((organizationIds) => store.everywhere(sql, values, organizationIds), among);
    },
    lostNodes: () => nodes.lost,
    async distribute(options) {
      const done = await withLock('access exclusive', 0, async (inTransaction) => {
        await requireCoordinator(inTransaction);
        if (options?.isAlone)
          await requireAlone(inTransaction, pool.totalCount + transactionPool.totalCount);
        return distributeTables(inTransaction, options);
      });
      distribution = undefined;
      if (done.length > 0) await deleteLocalRows(unguarded);
      return done;
    },
    async findMisplaced() {
      return (await knowDistribution()) ? findMisplaced(store) : undefined;
    },
    runEach: (sql, valuesOfEach) => transaction((each) => each.runEach(sql, valuesOfEach)),
    transaction,
    async missingMigrations() {
      const { needed, waiting } = admission.missingFrom(await migrated.readSchema());
      return { needed: needed.map(({ name }) => name), waiting: waiting.map(({ name }) => name) };
    },
    migrate: (options) => migrateStore(migrated, options),
    async tryWriting() {
      await store.run('update rollcall_schema set version = version where version = 1');
    },
    async analyze(table) {
      const analyzeIt = (inTransaction: Store) => inTransaction.run(`analyze ${table}`);
      await runOnce(analyzeIt, { waitMs: 1_000, answerMs: 0 }).catch((error) => {
        // A vacuum, which counts them as well; or somebody who changes the table.
        if (!(error instanceof StoreBusyError)) throw error;
      });
    },
    connections() {
      const both = [pool, transactionPool];
      const sum = (of: 'totalCount' | 'idleCount' | 'waitingCount') =>
        both.reduce((total, one) => total + one[of], 0);
      const idle = sum('idleCount');
      return { inUse: sum('totalCount') - idle, idle, waiting: sum('waitingCount') };
    },
    async check() {
      await store.get('select 1');
      return [];
    },
    async close() {
      await Promise.all([pool.end(), transactionPool.end()]);
    },
  };
}

/** Reads all that the URL names, such as certificates, which the driver would do with the first connection only. */
function checkUrl(url: string, place: string): void {
  try {
    new pg.Client(settings(url));
  } catch (error) {
    throw new UserError(
      `ROLLCALL_DATABASE_URL, which names ${place}, cannot be used: ${(error as Error).message}.`,
    );
  }
}

function settings(url: string): object {
  return {
    connectionString: url,
    application_name: 'rollcall',
    keepAlive: true,
    types: { getTypeParser },
    // With it, a statement that is not answered in time ends its connection, and does not block the next one's.
    pipeline: true,
  };
}

/** @throws Error where a statement had failed and the work went on: PostgreSQL keeps nothing then, and calls it no error. */
async function commit(client: pg.PoolClient, answerMs: number, place: string): Promise<void> {
  const statement = { text: 'commit', query_timeout: answerMs } as pg.QueryConfig;
  const { command } = await client.query(statement).catch((error) => {
    throw inWords(error, place);
  });
  if (command !== 'COMMIT')
    throw new Error('A statement failed, so the transaction was rolled back.');
}

/** Of a transaction: what it reads there of migrations, no older or newer version changes before its end. */
const BEGIN_READING =
  'select version, applied_by as "appliedBy", oldest, place from rollcall_schema where oldest is not null';

/** Begins a transaction, and answers since which migrations not every Rollcall may open the store. */
async function begin(
  client: pg.PoolClient,
  { waitMs, answerMs }: { waitMs: number; answerMs: number },
  { place, readsSchema, isOnNodes }: { place: string; readsSchema: boolean; isOnNodes: boolean },
): Promise<SchemaRow[]> {
  const lockTimeout = `set local lock_timeout = ${waitMs}`;
  // The connection of a process that has vanished must not hold up the writers of others for long.
  const settings = `${lockTimeout}; set local idle_in_transaction_session_timeout = 60000`;
  const text = `begin; ${settings}${readsSchema ? `; ${BEGIN_READING}` : ''}`;
  const ask = (text: string): Promise<unknown> =>
    client.query({ text, query_timeout: answerMs } as pg.QueryConfig).catch((error) => {
      throw inWords(error, place);
    });
  // Citus sends nodes all of the text that a setting is in.
  const onNodes = isOnNodes
    ? ["set local citus.propagate_set_commands = 'local'", lockTimeout]
    : [];
  const [results] = await Promise.all([text, ...onNodes].map(ask));
  return readsSchema ? ((results as pg.QueryResult<SchemaRow>[]).at(-1)?.rows ?? []) : [];
}

/** What the store says of its migrations. @throws UserError where PostgreSQL cannot hold a store. */
async function readSchema(store: Store, place: string): Promise<SchemaRow[]> {
  const server = await store.get<{ table: string | null; version: number; encoding: string }>(
    `select to_regclass('rollcall_schema')::text as "table", current_setting('server_encoding') as encoding,
       current_setting('server_version_num')::bigint as version`,
  );
  checkServerVersion(server?.version ?? 0, place);
  if (server?.table) {
    // The table has had one column only.
    return store.all<SchemaRow>(
      `select version, to_jsonb(s) ->> 'applied_by' as "appliedBy", to_jsonb(s) ->> 'oldest' as oldest,
         to_jsonb(s) ->> 'place' as place
       from rollcall_schema as s`,
    );
  }
  checkEncoding(server?.encoding ?? '', place);
  return [];
}

async function ensureSchemaTable(store: Store): Promise<void> {
  try {
    await store.run('create table if not exists rollcall_schema (version bigint primary key)');
  } catch (error) {
    // "If not exists" is not safe against another server that makes it in the same moment.
    if (!(error instanceof DuplicateError)) throw error;
  }
}

/**
 * @param knowDistribution whether the store is distributed.
 * @param requireAdmitted throws if the store is not to be asked.
 */
function queriesOn(
  connection: pg.Pool | pg.PoolClient,
  answerMs: number,
  place: string,
  knowDistribution: () => Promise<boolean>,
  requireAdmitted: () => void = () => undefined,
): Store {
  const send = async (statement: { text: string; name?: string; values?: unknown[] }) => {
    requireAdmitted();
    try {
      return await connection.query({ ...statement, query_timeout: answerMs } as pg.QueryConfig);
    } catch (error) {
      throw inWords(error as Error, place);
    }
  };
  // Statements without values may be several in one text, which cannot be prepared.
  const sendOne = (sql: string, values: readonly Value[]) =>
    send(values.length === 0 ? { text: sql } : { ...prepared(sql), values: [...values] });
  async function* sendBatches(sql: string, valuesOfEach: readonly (readonly Value[])[]) {
    const options = { isDistributed: await knowDistribution() };
    for (let start = 0; start < valuesOfEach.length; start += LISTS_AT_ONCE) {
      yield await send(batch(sql, valuesOfEach.slice(start, start + LISTS_AT_ONCE), options));
    }
  }
  const store: Store = {
    async all<Row>(sql: string, values: readonly Value[] = []) {
      return (await sendOne(sql, values)).rows as Row[];
    },
    async allEach<Row>(sql: string, valuesOfEach: readonly (readonly Value[])[]) {
      const rows: Row[] = [];
      for await (const some of sendBatches(sql, valuesOfEach)) {
        for (const row of some.rows) rows.push(row);
      }
      return rows;
    },
    async everywhere<Row>(
      sql: SqlForMany,
      values: readonly Value[] = [],
      among?: readonly number[],
    ) {
      if (among === undefined) return store.all<Row>(sql(always), values);
      // The driver takes a list for an array.
      const isOneOf = (column: string) => `${column} = any($${values.length + 1})`;
      return store.all<Row>(sql(isOneOf), [...values, among as unknown as Value]);
    },
    async get<Row>(sql: string, values: readonly Value[] = []) {
      return (await sendOne(sql, values)).rows[0] as Row | undefined;
    },
    async run(sql, values = []) {
      return (await sendOne(sql, values)).rowCount ?? 0;
    },
    async runEach(sql, valuesOfEach) {
      for await (const _ of sendBatches(sql, valuesOfEach));
    },
  };
  return store;
}

const always = () => 'true';

const statements = new Map<string, { name: string; text: string }>();

/** The statement with numbered placeholders, and a name under which a connection keeps its plan. */
function prepared(sql: string): { name: string; text: string } {
  let statement = statements.get(sql);
  if (statement === undefined) {
    let number = 0;
    const text = sql.replaceAll('?', () => `$${++number}`);
    statement = { name: createHash('sha1').update(text).digest('hex'), text };
    statements.set(sql, statement);
  }
  return statement;
}

/** Numbers of 64 bits are JavaScript numbers: none of ours passes 2^53. */
function getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (type === INT8 || type === NUMERIC) return Number;
  return pg.types.getTypeParser(type, format as 'text');
}
