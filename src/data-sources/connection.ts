import { type Static, Type } from 'typebox';

/**
 * What a connection of each adapter is made of: these options reach a driver, and no others. `writeOnly` marks the
 * secret ones: they are kept sealed and never shown.
 */
const host = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[A-Za-z0-9.:_-]+$', // no path, so no socket of this machine either
  description: 'Name or address of the database server.',
});
const port = Type.Integer({ minimum: 1, maximum: 65_535 });
const name = (description: string) =>
  Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000]+$', description });
const password = Type.Optional(
  Type.String({
    maxLength: 1024,
    pattern: '^[^\\u0000]*$',
    writeOnly: true,
    description: 'Its password. Kept sealed, and never shown.',
  }),
);
const ssl = Type.Optional(
  Type.Union([Type.Literal('disable'), Type.Literal('require'), Type.Literal('verify')], {
    default: 'disable',
    description:
      '`disable`: a plain connection; `require`: encrypted; `verify`: encrypted, and the certificate has to be valid for the host.',
  }),
);
const path = (description: string) =>
  Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]+$', description });

export const connectionSchemas = {
  duckdb: Type.Object(
    {
      adapter: Type.Literal('duckdb'),
      folder: path(
        'Folder of files: each CSV, TSV, JSON, NDJSON, Parquet or Arrow file is a table.',
      ),
    },
    { additionalProperties: false },
  ),
  postgresql: Type.Object(
    {
      adapter: Type.Literal('postgresql'),
      host,
      port: Type.Optional(Type.Integer({ ...port, default: 5432 })),
      database: name('The database to read.'),
      username: name('The user who reads; one who may do nothing else is best.'),
      password,
      ssl,
    },
    { additionalProperties: false },
  ),
  mysql: Type.Object(
    {
      adapter: Type.Literal('mysql'),
      host,
      port: Type.Optional(Type.Integer({ ...port, default: 3306 })),
      database: name('The database to read.'),
      username: name('The user who reads; one who may do nothing else is best.'),
      password,
      ssl,
    },
    { additionalProperties: false },
  ),
  sqlite: Type.Object(
    { adapter: Type.Literal('sqlite'), file: path('The SQLite file to read.') },
    { additionalProperties: false },
  ),
} as const;

export type Adapter = keyof typeof connectionSchemas;
type ConnectionOf<Name extends Adapter> = Static<(typeof connectionSchemas)[Name]>;
export type DuckdbConnection = ConnectionOf<'duckdb'>;
export type PostgresqlConnection = ConnectionOf<'postgresql'>;
export type MysqlConnection = ConnectionOf<'mysql'>;
export type SqliteConnection = ConnectionOf<'sqlite'>;

/** Where a query runs, its secrets opened: only ever in memory. */
export type Connection =
  | DuckdbConnection
  | PostgresqlConnection
  | MysqlConnection
  | SqliteConnection;
