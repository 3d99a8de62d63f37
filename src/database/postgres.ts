import { createHash } from 'node:crypto';
import pg from 'pg';
import {
  type Database,
  DuplicateError,
  type Queries,
  StoreUnavailableError,
  type Value,
} from './database.ts';
import { type Migration, migrationsAfter } from './migrations.ts';

/** How many statements are sent before the first answer is awaited. */
const STATEMENTS_UNDER_WAY = 500;
const INT8 = 20;
const NUMERIC = 1700;

/**
 * PostgreSQL (15 and newer) as a store, by a pool of connections. Any number of servers may use one database: nothing
 * is kept in a process that another one would have to know.
 *
 * @param url `postgres://user:password@host:port/database`.
 */
export function openPostgres(url: string, { maxConnections = 10 } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'rollcall',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
    pipeline: true,
  } as pg.PoolConfig);
  // A connection that the server closes while it is idle is replaced by the next one that is needed.
  pool.on('error', () => undefined);
  const queries = queriesOn(pool);

  async function transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const client = await inWords(() => pool.connect());
    let broken: Error | undefined;
    try {
      await inWords(() => client.query('begin'));
      const result = await work(queriesOn(client));
      await inWords(() => client.query('commit'));
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    ...queries,
    transaction,
    async missingMigrations() {
      return (await missing(queries)).map((migration) => migration.name);
    },
    async migrate() {
      if ((await missing(queries)).length === 0) return [];
      await ensureSchemaTable(queries);
      return transaction(async (inTransaction) => {
        // Servers that start at once take turns here.
        await inTransaction.run('lock table rollcall_schema in exclusive mode');
        const applied = await missing(inTransaction);
        for (const migration of applied) {
          await inTransaction.run(migration.sql);
          await inTransaction.run('insert into rollcall_schema (version) values (?)', [
            migration.version,
          ]);
        }
        return applied.map((migration) => migration.name);
      });
    },
    async check() {
      await queries.get('select 1');
      return [];
    },
    async close() {
      await pool.end();
    },
  };
}

async function missing(queries: Queries): Promise<Migration[]> {
  const table = await queries.get<{ name: string | null }>(
    `select to_regclass('rollcall_schema')::text as name`,
  );
  if (!table?.name) return migrationsAfter('postgres', 0);
  const found = await queries.get<{ version: number | null }>(
    'select max(version) as version from rollcall_schema',
  );
  return migrationsAfter('postgres', found?.version ?? 0);
}

async function ensureSchemaTable(queries: Queries): Promise<void> {
  try {
    await queries.run('create table if not exists rollcall_schema (version bigint primary key)');
  } catch (error) {
    // "If not exists" is not safe against another server that makes it in the same moment.
    if (!(error instanceof DuplicateError)) throw error;
  }
}

type Connection = pg.Pool | pg.PoolClient;

function queriesOn(connection: Connection): Queries {
  const send = (sql: string, values: readonly Value[]) =>
    inWords(() =>
      // Statements without values may be several in one text, which cannot be prepared.
      values.length === 0
        ? connection.query(sql)
        : connection.query({ ...prepared(sql), values: [...values] }),
    );
  return {
    async all<Row>(sql: string, values: readonly Value[] = []) {
      return (await send(sql, values)).rows as Row[];
    },
    async get<Row>(sql: string, values: readonly Value[] = []) {
      return (await send(sql, values)).rows[0] as Row | undefined;
    },
    async run(sql, values = []) {
      return (await send(sql, values)).rowCount ?? 0;
    },
    async runEach(sql, valuesOfEach) {
      for (let start = 0; start < valuesOfEach.length; start += STATEMENTS_UNDER_WAY) {
        const some = valuesOfEach.slice(start, start + STATEMENTS_UNDER_WAY);
        const results = await Promise.allSettled(some.map((values) => send(sql, values)));
        const failed = results.find((result) => result.status === 'rejected');
        if (failed) throw failed.reason;
      }
    },
  };
}

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

const UNIQUE_VIOLATION = '23505';
const DUPLICATE_TABLE = '42P07';
/** Connection failures, a server that starts or stops, and one that has no room. */
const UNAVAILABLE = /^(08|57P0|53|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)/;

async function inWords<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (code === UNIQUE_VIOLATION || code === DUPLICATE_TABLE) throw new DuplicateError(message);
    if (UNAVAILABLE.test(code) || /^(Connection terminated|timeout exceeded)/.test(message)) {
      throw new StoreUnavailableError(`PostgreSQL does not answer: ${message}`);
    }
    throw error;
  }
}
