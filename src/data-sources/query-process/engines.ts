import type { Adapter, Connection } from '../connection.ts';
import { duckdbEngine } from './duckdb-engine.ts';
import type { Engine } from './engine.ts';

/** The engine of each adapter. All but the usual one are loaded when they are needed. */
export const engines = {
  duckdb: async () => duckdbEngine,
} as unknown as Record<Adapter, () => Promise<Engine<Connection>>>;
