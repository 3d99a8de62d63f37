import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Database } from './database.ts';
import { openSqlite } from './sqlite.ts';

/** The file in the data folder that holds the store. */
export function storeFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'rollcall.sqlite');
}

/**
 * The store that the configuration names, made when it is not there, before any migration is applied.
 *
 * @throws UserError where the data folder or the file in it cannot be used.
 */
export function openUnmigratedStore({ dataDir }: Pick<Config, 'dataDir'>): Database {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    return openSqlite(storeFile({ dataDir }));
  } catch (error) {
    throw new UserError(
      `The data folder ${dataDir} cannot be used: ${(error as Error).message}.\n` +
        'Check that it belongs to this user, or choose another with --data-dir or ROLLCALL_DATA_DIR.',
    );
  }
}

/** The store that the configuration names, made when it is not there, with every migration applied. */
export async function openStore(config: Pick<Config, 'dataDir'>): Promise<Database> {
  const database = openUnmigratedStore(config);
  try {
    await database.migrate();
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
