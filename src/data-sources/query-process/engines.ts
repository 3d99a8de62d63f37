import type { Adapter, Connection } from '../connection.ts';
import type { Engine } from './engine.ts';

/** The engine of each adapter, loaded when it is needed: a driver is of use to one order alone. */
export const engines = {
  duckdb: async () => (await import('./duckdb-engine.ts')).duckdbEngine,
} as unknown as Record<Adapter, () => Promise<Engine<Connection>>>;
