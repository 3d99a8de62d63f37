import { type Static, Type } from 'typebox';
import { host, name, password, port, ssl } from '../connection-fields.ts';

export const postgresqlConnection = Type.Object(
  {
    adapter: Type.Literal('postgresql'),
    host,
    port: Type.Optional(Type.Integer({ ...port, default: 5432 })),
    database: name('Name of the database.'),
    username: name('Database user, preferably with read-only rights.'),
    password,
    ssl,
  },
  { additionalProperties: false },
);

/** A PostgreSQL server. */
export type PostgresqlConnection = Static<typeof postgresqlConnection>;
