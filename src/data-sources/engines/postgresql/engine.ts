import pg from 'pg';
import { QueryError } from '../../query-error.ts';
import { placeIn } from '../../results/place-in.ts';
import { writeTextRows } from '../../results/write-text-rows.ts';
import { type Circumstances, DESCRIBED, type Engine } from '../engine.ts';
import { gatherTables } from '../gather-tables.ts';
import { addressOf } from '../host-address.ts';
import { tlsOptions } from '../tls-options.ts';
import type { PostgresqlConnection } from './connection-fields.ts';
import { postgresqlType } from './types.ts';

const CONNECT_MS = 10_000;
const ROWS_AT_ONCE = 2_048;
/** What stands before the user's SQL: only a statement that reads may follow, by PostgreSQL's own parser. */
const DECLARE = 'DECLARE result NO SCROLL CURSOR FOR ';

/** A PostgreSQL server. */
export const postgresqlEngine: Engine<PostgresqlConnection> = {
  async run(job, circumstances) {
    const client = await connect(job.connection, circumstances);
    circumstances.signal.addEventListener('abort', () => {
      cancel(client, job.connection, circumstances).catch(() => undefined);
    });
    await client.query(`SET statement_timeout = ${Math.ceil(job.limits.timeMs)}`);
    // Without this it plans for the first rows only.
    await client.query('SET cursor_tuple_fraction = 1');
    await client.query('BEGIN READ ONLY');
    try {
      await query(client, DECLARE + job.sql, job.values);
      const first = await fetchRows(client);
      const columns = first.fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        type: postgresqlType(dataTypeID, dataTypeModifier),
      }));
      return await writeTextRows(circumstances.writer, columns, rowsFrom(client, first), job);
    } catch (error) {
      throw failure(error, job.sql);
    }
  },

  async describe(connection, circumstances) {
    const client = await connect(connection, circumstances);
    const { rows } = await query(
      client,
      `SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN '' ELSE n.nspname || '.' END || c.relname,
         a.attname, format_type(a.atttypid, a.atttypmod)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
         AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
       ORDER BY n.nspname = ANY (current_schemas(false)) DESC, n.nspname, c.relname, a.attnum
       LIMIT ${DESCRIBED.columns}`,
    );
    return gatherTables(rows as string[][]);
  },

  async test(connection, circumstances) {
    await query(await connect(connection, circumstances), 'SELECT 1');
  },
};

async function connect(
  connection: PostgresqlConnection,
  { allowPrivateHosts }: Circumstances,
): Promise<pg.Client> {
  const { host, port = 5432, database, username: user, password = '', ssl } = connection;
  const client = new pg.Client({
    host: await addressOf(host, allowPrivateHosts),
    port,
    database,
    user,
    password,
    ssl: tlsOptions(ssl, host) ?? false,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'rollcall',
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => undefined); // the query that is under way says so
  try {
    await client.connect();
    await client.query('SET default_transaction_read_only = on');
    await client.query('SET idle_in_transaction_session_timeout = 60000');
    await client.query("SET datestyle = 'ISO'");
    return client;
  } catch (error) {
    throw new QueryError({ code: 'connection_failed', message: (error as Error).message });
  }
}

type Result = pg.QueryArrayResult<(string | null)[]>;

/** Runs one statement: PostgreSQL refuses more than one in a prepared statement, which this always is. */
function query(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Result> {
  const config = { text, values: [...values], rowMode: 'array' as const, queryMode: 'extended' };
  return client.query<(string | null)[]>(config);
}

function fetchRows(client: pg.Client): Promise<Result> {
  return query(client, `FETCH FORWARD ${ROWS_AT_ONCE} FROM result`);
}

async function* rowsFrom(client: pg.Client, first: Result): AsyncGenerator<(string | null)[]> {
  for (let { rows } = first; rows.length > 0; { rows } = await fetchRows(client)) yield* rows;
}

/** Ends on the server what a client does there. */
async function cancel(
  client: pg.Client,
  connection: PostgresqlConnection,
  circumstances: Circumstances,
): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  const other = await connect(connection, circumstances);
  await query(other, 'SELECT pg_cancel_backend($1)', [processID]);
}

function failure(error: unknown, sql: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { message, severity = 'ERROR', position, detail, hint } = error;
  const offset = position === undefined ? -1 : Number(position) - 1 - DECLARE.length;
  return new QueryError({
    code: 'sql_error',
    message: [`${severity}: ${message}`, detail, hint].filter(Boolean).join('\n'),
    ...(offset >= 0 ? placeIn(sql, offset) : {}),
  });
}
