import pg from 'pg';
import { QueryError } from '../../query-error.ts';
import { placeIn } from '../../results/place-in.ts';
import { writeTextRows } from '../../results/write-text-rows.ts';
import { type Circumstances, DESCRIBED, type Engine } from '../engine.ts';
import { gatherTables } from '../gather-tables.ts';
import { addressesOf, socketTo } from '../host-address.ts';
import { tlsOptions } from '../tls-options.ts';
import { connectionFailure } from '../unreachable.ts';
import { type BackendKey, sendCancelRequest } from './cancel-request.ts';
import type { PostgresqlConnection } from './connection-fields.ts';
import { type PostgresqlColumn, postgresqlColumn } from './types.ts';

const PORT = 5432;
const CONNECT_MS = 10_000;
const ROWS_AT_ONCE = 2_048;
const SYNTAX_ERROR = '42601';
/** What stands before the user's SQL: only a statement that reads may follow, by PostgreSQL's own parser. */
const DECLARE = 'DECLARE result NO SCROLL CURSOR FOR ';

/** From version 14 on a server can look whether its client is still there while it works for it. */
const CHECK_CONNECTION = `SELECT set_config('client_connection_check_interval', '1000', true)
  WHERE current_setting('client_connection_check_interval', true) IS NOT NULL`;

/** A PostgreSQL server. */
export const postgresqlEngine: Engine<PostgresqlConnection> = {
  async run(job, circumstances) {
    const { signal, writer, onSession } = circumstances;
    const client = await connect(job.connection, circumstances);
    onSession(keyOf(client));
    const settings = [
      `statement_timeout = ${Math.ceil(job.limits.timeMs)}`,
      'cursor_tuple_fraction = 1', // without this it plans for the first rows only
    ];
    return reading(client, settings, async () => {
      try {
        signal.throwIfAborted();
        await query(client, DECLARE + job.sql, job.values);
        const first = await fetchRows(client, signal);
        const columns = (await columnsOf(client, first.fields)).map(postgresqlColumn);
        return await writeTextRows(writer, columns, rowsFrom(client, first, signal), job);
      } catch (error) {
        throw failure(error, job.sql);
      }
    });
  },

  async describe(connection, circumstances) {
    const client = await connect(connection, circumstances);
    const { rows } = await reading(client, [], () =>
      query(
        client,
        `SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN '' ELSE n.nspname || '.' END || c.relname,
         a.attname, format_type(a.atttypid, a.atttypmod)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
         AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
       ORDER BY n.nspname = ANY (current_schemas(false)) DESC, n.nspname, c.relname, a.attnum
       LIMIT ${DESCRIBED.columns}`,
      ),
    );
    return gatherTables(rows as string[][]);
  },

  async test(connection, circumstances) {
    const client = await connect(connection, circumstances);
    await reading(client, [], () => query(client, 'SELECT 1'));
  },

  async stop({ host, port = PORT, ssl }, session, { privateHosts }) {
    const server = {
      socket: socketTo(await addressesOf(host, privateHosts)),
      port,
      tls: tlsOptions(ssl, host),
    };
    await sendCancelRequest(server, session as BackendKey);
  },
};

async function connect(
  connection: PostgresqlConnection,
  { privateHosts }: Circumstances,
): Promise<pg.Client> {
  const { host, port = PORT, database, username: user, password = '', ssl } = connection;
  const addresses = await addressesOf(host, privateHosts);
  const client = new pg.Client({
    host,
    stream: () => socketTo(addresses),
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
    return client;
  } catch (error) {
    throw connectionFailure(error);
  }
}

/**
 * Works in a transaction that only reads, with settings that end with it: what is set for a session would stay with a
 * pooler's connection, which others use next.
 */
async function reading<Result>(
  client: pg.Client,
  settings: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const all = [...settings, 'idle_in_transaction_session_timeout = 60000', "datestyle = 'ISO'"];
  try {
    await client.query(['BEGIN READ ONLY', ...all.map((one) => `SET LOCAL ${one}`)].join(';'));
    await client.query(CHECK_CONNECTION);
    return await work();
  } finally {
    await client.query('ROLLBACK').catch(() => undefined); // where there is no connection any more
  }
}

type Result = pg.QueryArrayResult<(string | null)[]>;

/** Runs one statement: PostgreSQL refuses more than one in a prepared statement, which this always is. */
function query(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Result> {
  const config = { text, values: [...values], rowMode: 'array' as const, queryMode: 'extended' };
  return client.query<(string | null)[]>(config);
}

function fetchRows(client: pg.Client, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted(); // what stops a query stops only what the server does at that moment
  return query(client, `FETCH FORWARD ${ROWS_AT_ONCE} FROM result`);
}

/** The columns of rows, with the names of their types as PostgreSQL writes them. */
async function columnsOf(
  client: pg.Client,
  fields: readonly pg.FieldDef[],
): Promise<PostgresqlColumn[]> {
  const oids = fields.map(({ dataTypeID }) => dataTypeID);
  const modifiers = fields.map(({ dataTypeModifier }) => dataTypeModifier);
  const { rows } = await query(
    client,
    `SELECT format_type(oid, modifier) FROM unnest($1::oid[], $2::integer[]) WITH ORDINALITY AS t (oid, modifier, place)
     ORDER BY place`,
    [`{${oids.join(',')}}`, `{${modifiers.join(',')}}`],
  );
  return fields.map(({ name, dataTypeID: oid, dataTypeModifier: modifier }, index) => ({
    name,
    oid,
    modifier,
    typeName: rows[index]?.[0] ?? 'unknown',
  }));
}

async function* rowsFrom(
  client: pg.Client,
  first: Result,
  signal: AbortSignal,
): AsyncGenerator<(string | null)[]> {
  for (let { rows } = first; rows.length > 0; { rows } = await fetchRows(client, signal))
    yield* rows;
}

function keyOf(client: pg.Client): BackendKey {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  return { processId: processID, secretKey };
}

/** What to write instead of a statement that is no query to PostgreSQL, of which it says only that it has a wrong syntax. */
function hintFor({ code }: pg.DatabaseError, sql: string): string | undefined {
  const [, command, rest = ''] = /^(?:\s|--.*|\/\*[\s\S]*?\*\/)*(\w+)\s*([\w.]*)/.exec(sql) ?? [];
  if (code !== SYNTAX_ERROR || command === undefined) return undefined;
  const word = command.toUpperCase();
  if (['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(word)) return undefined;
  if (word === 'SHOW') {
    const all = /^(all)?$/i.test(rest);
    return `SHOW is not supported here. Write ${all ? 'SELECT name, setting FROM pg_settings' : `SELECT current_setting('${rest}')`}.`;
  }
  return `${word} is not supported here: a query begins with SELECT, WITH, VALUES or TABLE.`;
}

function failure(error: unknown, sql: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { message, severity = 'ERROR', position, detail, hint = hintFor(error, sql) } = error;
  const offset = position === undefined ? -1 : Number(position) - 1 - DECLARE.length;
  return new QueryError({
    code: 'sql_error',
    message: [`${severity}: ${message}`, detail, hint].filter(Boolean).join('\n'),
    ...(offset >= 0 ? placeIn(sql, offset) : {}),
  });
}
