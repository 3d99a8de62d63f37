import { duckdbEngine } from '../engines/duckdb/engine.ts';
import type { Engine } from '../engines/engine.ts';
import type { Adapter, Connection, ConnectionOf } from '../kinds.ts';

/** The engine of each adapter. All but the usual one are loaded when they are needed. */
const engines = {
  duckdb: async () => duckdbEngine,
  postgresql: async () => (await import('../engines/postgresql/engine.ts')).postgresqlEngine,
  mysql: async () => (await import('../engines/mysql/engine.ts')).mysqlEngine,
  sqlite: async () => (await import('../engines/sqlite/engine.ts')).sqliteEngine,
} as const satisfies { [Name in Adapter]: () => Promise<Engine<ConnectionOf<Name>>> };

/** The engine of an adapter; it is to be given connections of that adapter alone. */
export function loadEngine(adapter: Adapter): Promise<Engine<Connection>> {
  return engines[adapter]();
}
