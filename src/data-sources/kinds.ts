import type { Static, TObject } from 'typebox';
import type { Dialect } from '../sql-templates/dialect.ts';
import { duckdbConnection } from './engines/duckdb/connection-fields.ts';
import { duckdbDialect } from './engines/duckdb/dialect.ts';
import { mysqlConnection } from './engines/mysql/connection-fields.ts';
import { mysqlDialect } from './engines/mysql/dialect.ts';
import { postgresqlConnection } from './engines/postgresql/connection-fields.ts';
import { postgresqlDialect } from './engines/postgresql/dialect.ts';
import { sqliteConnection } from './engines/sqlite/connection-fields.ts';
import { sqliteDialect } from './engines/sqlite/dialect.ts';

type Kind = {
  /** The adapter as the wire names it. */
  wireName: string;
  /** What a connection is made of: these options reach a driver, and no others. */
  connection: TObject;
  dialect: Dialect;
  /** The option that is a path below the folder of the organization's files, of a kind that reads those. */
  pathOption?: 'folder' | 'file';
};

/**
 * The kinds of data sources, by adapter: all that is known of a kind but its engine, which only the process that runs
 * users' SQL loads (`process/engines.ts`).
 */
export const kinds = {
  duckdb: {
    wireName: 'jdbc:duckdb',
    connection: duckdbConnection,
    dialect: duckdbDialect,
    pathOption: 'folder',
  },
  postgresql: {
    wireName: 'jdbc:postgresql',
    connection: postgresqlConnection,
    dialect: postgresqlDialect,
  },
  mysql: { wireName: 'jdbc:mysql', connection: mysqlConnection, dialect: mysqlDialect },
  sqlite: {
    wireName: 'jdbc:sqlite',
    connection: sqliteConnection,
    dialect: sqliteDialect,
    pathOption: 'file',
  },
} as const satisfies Record<string, Kind>;

export type Adapter = keyof typeof kinds;

/** What a kind's connection is made of, its secrets opened: only ever in memory. */
export type ConnectionOf<Name extends Adapter> = Static<(typeof kinds)[Name]['connection']>;

/** Where a query runs, its secrets opened: only ever in memory. */
export type Connection = { [Name in Adapter]: ConnectionOf<Name> }[Adapter];

/** What is known of a kind. */
export function kindOf(adapter: Adapter): Kind {
  return kinds[adapter];
}

/** @param wireName one of a kind. */
export function adapterOf(wireName: string): Adapter {
  const adapters = Object.keys(kinds) as Adapter[];
  return adapters.find((adapter) => kinds[adapter].wireName === wireName) as Adapter;
}
