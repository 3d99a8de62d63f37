import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openSqlite } from './sqlite.ts';

/** The store that the configuration names, made when it is not there, with every migration applied. */
export async function openStore({ dataDir }: Pick<Config, 'dataDir'>): Promise<Database> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const database = openSqlite(join(dataDir, 'rollcall.sqlite'));
  try {
    await database.migrate();
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
