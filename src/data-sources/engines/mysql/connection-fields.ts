import { type Static, Type } from 'typebox';
import { host, name, password, port, ssl } from '../connection-fields.ts';

export const mysqlConnection = Type.Object(
  {
    adapter: Type.Literal('mysql'),
    host,
    port: Type.Optional(Type.Integer({ ...port, default: 3306 })),
    database: name('Name of the database.'),
    username: name('Database user, preferably with read-only rights.'),
    password,
    ssl,
  },
  { additionalProperties: false },
);

/** A server of MySQL or MariaDB. */
export type MysqlConnection = Static<typeof mysqlConnection>;
