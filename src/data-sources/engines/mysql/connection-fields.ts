import { type Static, Type } from 'typebox';
import { host, name, password, port, ssl } from '../connection-fields.ts';

export const mysqlConnection = Type.Object(
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
);

/** A server of MySQL or MariaDB. */
export type MysqlConnection = Static<typeof mysqlConnection>;
