import type { Adapter, Connection } from '../connection.ts';
import { duckdbEngine } from '../engines/duckdb/duckdb-engine.ts';
import type { Engine } from './engine.ts';

/** The engine of each adapter. All but the usual one are loaded when they are needed. */
export const engines = {
  duckdb: async () => duckdbEngine,
  postgresql: async () =>
    (await import('../engines/postgresql/postgresql-engine.ts')).postgresqlEngine,
  mysql: async () => (await import('../engines/mysql/mysql-engine.ts')).mysqlEngine,
  sqlite: async () => (await import('../engines/sqlite/sqlite-engine.ts')).sqliteEngine,
} as unknown as Record<Adapter, () => Promise<Engine<Connection>>>;
