import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { placeOf } from './postgres-errors.ts';
import { openSqlite } from './sqlite.ts';

/** Where the store is: in PostgreSQL if its URL is configured, else in the data folder. */
export type Place = Pick<Config, 'dataDir'> &
  Partial<Pick<Config, 'databaseUrl' | 'databaseConnections'>>;

/** Where the store is, for people: the data folder, or the database without user and password. */
export function describePlace({ dataDir, databaseUrl }: Place): string {
  return databaseUrl ? `PostgreSQL at ${placeOf(databaseUrl)}` : dataDir;
}

/** Whether the store that the configuration names was made already; a database always was. */
export function storeExists(place: Place): boolean {
  return place.databaseUrl !== undefined || existsSync(storeFile(place));
}

/** The store that the configuration names as it is: migrations may be missing, no folder is made or changed. */
export function openStoreAsItIs(place: Place): Database {
  const { databaseUrl, databaseConnections: maxConnections } = place;
  return databaseUrl ? openPostgres(databaseUrl, { maxConnections }) : openSqlite(storeFile(place));
}

/**
 * The store that the configuration names, made when it is not there, with every migration applied.
 *
 * @throws UserError where the data folder or the store in it cannot be used.
 */
export async function openStore(place: Place): Promise<Database> {
  const database = makeStore(place);
  try {
    await database.migrate();
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function makeStore(place: Place): Database {
  const { dataDir } = place;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    return openStoreAsItIs(place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const fault = storageFaultOf(error);
    if (fault !== undefined && fault !== 'read_only') {
      throw new UserError(`The data folder ${dataDir} cannot be used: ${storageFaults[fault]}`);
    }
    throw new UserError(
      `The data folder ${dataDir} cannot be used: ${(error as Error).message}.\n` +
        'Check that it belongs to this user, or choose another with --data-dir or ROLLCALL_DATA_DIR.',
    );
  }
}

/** The file of the store in the data folder. */
export function storeFile({ dataDir }: Pick<Place, 'dataDir'>): string {
  return join(dataDir, 'rollcall.sqlite');
}
