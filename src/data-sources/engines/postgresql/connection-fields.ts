import { type Static, Type } from 'typebox';
import { host, name, password, port, ssl } from '../connection-fields.ts';

export const postgresqlConnection = Type.Object(
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
);

/** A PostgreSQL server. */
export type PostgresqlConnection = Static<typeof postgresqlConnection>;
