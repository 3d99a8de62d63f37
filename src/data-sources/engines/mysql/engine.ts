import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection } from 'mysql2';
import { QueryError } from '../../query-error.ts';
import type { QueryValue } from '../../query-job.ts';
import { writeTextRows } from '../../results/write-text-rows.ts';
import { type Circumstances, DESCRIBED, type Engine } from '../engine.ts';
import { gatherTables } from '../gather-tables.ts';
import { addressesOf, socketTo } from '../host-address.ts';
import { tlsOptions } from '../tls-options.ts';
import { connectionFailure } from '../unreachable.ts';
import type { MysqlConnection } from './connection-fields.ts';
import { type MysqlField, mysqlColumn, mysqlText } from './types.ts';

const CONNECT_MS = 10_000;
/** A server that takes no further connection is asked again. */
const FULL_MS = 250;
const FULL = ['ER_CON_COUNT_ERROR', 'ER_USER_LIMIT_REACHED', 'ER_TOO_MANY_USER_CONNECTIONS'];

/** A server of MySQL or MariaDB. */
export const mysqlEngine: Engine<MysqlConnection> = {
  async run(job, circumstances) {
    const { signal, writer, onSession } = circumstances;
    const client = await connect(job.connection, circumstances);
    onSession({ threadId: client.threadId as number });
    return withTimeLimit(client, job.limits.timeMs, async () => {
      await query(client, 'START TRANSACTION READ ONLY');
      try {
        const { statement, fields } = await prepare(client, job.sql);
        signal.throwIfAborted(); // what stops a query stops only what the server does at that moment
        const rows = statement.execute(job.values.map(bound)).stream({ highWaterMark: 2_048 });
        return await writeTextRows(writer, fields.map(mysqlColumn), textsOf(rows, fields), job);
      } catch (error) {
        throw sqlFailure(error);
      } finally {
        await query(client, 'ROLLBACK').catch(() => undefined); // where there is no connection any more
      }
    });
  },

  async describe(connection, circumstances) {
    const client = await connect(connection, circumstances);
    const rows = await query(
      client,
      `SELECT table_name, column_name, column_type FROM information_schema.columns
       WHERE table_schema = database() ORDER BY table_name, ordinal_position LIMIT ${DESCRIBED.columns}`,
    );
    return gatherTables(rows);
  },

  async test(connection, circumstances) {
    await query(await connect(connection, circumstances), 'SELECT 1');
  },

  async stop(connection, { threadId }, circumstances) {
    for (;;) {
      try {
        await query(await connect(connection, circumstances), `KILL QUERY ${threadId}`);
        return;
      } catch (error) {
        if (!isFull(error)) throw error;
        await sleep(FULL_MS);
      }
    }
  },
};

async function connect(
  connection: MysqlConnection,
  { privateHosts }: Circumstances,
): Promise<Connection> {
  const { host, port = 3306, database, username: user, password = '', ssl } = connection;
  const tls = tlsOptions(ssl, host);
  const addresses = await addressesOf(host, privateHosts);
  const client = mysql.createConnection({
    host,
    port,
    stream: () => socketTo(addresses).connect(port),
    database,
    user,
    password,
    ...(tls ? { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized === true } as object } : {}),
    connectTimeout: CONNECT_MS,
    charset: 'utf8mb4',
    // The server can ask for no file of this machine, and runs one statement at a time.
    flags: ['-LOCAL_FILES'],
    multipleStatements: false,
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    disableEval: true,
  });
  client.on('error', () => undefined); // the query that is under way says so
  await new Promise<void>((resolve, reject) => {
    client.connect((error) => {
      if (error) reject(connectionFailure(error));
      else resolve();
    });
  });
  return client;
}

/**
 * MariaDB has one limit for all statements, in seconds; MySQL another for those that read, in milliseconds. Both are of the
 * session, which a pooler may give to others afterwards.
 */
async function withTimeLimit<Result>(
  client: Connection,
  timeMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const [[version] = []] = await query(client, 'SELECT version()');
  const [name, limit] = String(version).includes('MariaDB')
    ? ['max_statement_time', timeMs / 1000]
    : ['max_execution_time', Math.ceil(timeMs)];
  const [[before] = []] = await query(client, `SELECT @@SESSION.${name}`);
  await query(client, `SET SESSION ${name} = ${limit}`);
  try {
    return await work();
  } finally {
    await query(client, `SET SESSION ${name} = ${before}`).catch(() => undefined);
  }
}

function query(client: Connection, sql: string): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    client.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as unknown[][])));
  });
}

type Prepared = {
  columns: MysqlField[];
  execute(values: unknown[]): { stream(options: object): AsyncIterable<unknown[]> };
};

/** @throws QueryError unless the server takes the text for one statement that answers rows. */
async function prepare(
  client: Connection,
  sql: string,
): Promise<{ statement: Prepared; fields: MysqlField[] }> {
  const statement = await new Promise<Prepared>((resolve, reject) => {
    client.prepare(sql, (error, prepared) =>
      error ? reject(error) : resolve(prepared as unknown as Prepared),
    );
  });
  if (statement.columns.length > 0) return { statement, fields: statement.columns };
  throw new QueryError({
    code: 'not_a_query',
    message: 'The statement does not read; only statements that read are accepted, such as SELECT.',
  });
}

function bound(value: QueryValue): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

async function* textsOf(
  rows: AsyncIterable<unknown[]>,
  fields: readonly MysqlField[],
): AsyncGenerator<(string | null)[]> {
  for await (const row of rows) yield fields.map((field, index) => mysqlText(row[index], field));
}

function isFull(error: unknown): boolean {
  const { cause } = error as Error;
  return FULL.includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function sqlFailure(error: unknown): unknown {
  if (error instanceof QueryError || !(error instanceof Error)) return error;
  const line = /at line (\d+)$/.exec(error.message)?.[1];
  return new QueryError({
    code: 'sql_error',
    message: error.message,
    line: line === undefined ? undefined : Number(line),
  });
}
