import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { placeOf } from './postgres-errors.ts';
import { openSqlite } from './sqlite.ts';
import { describeDamage, requireWholeFile } from './sqlite-damage.ts';
import { findStoreElsewhere, markFolder } from './store-elsewhere.ts';

/** Where the store is: in PostgreSQL if its URL is configured, else in the data folder. */
export type Place = Pick<Config, 'dataDir'> &
  Partial<Pick<Config, 'databaseUrl' | 'databaseConnections'>>;

/** Where the store is, for people: the data folder, or the database without user and password. */
export function describePlace({ dataDir, databaseUrl }: Place): string {
  return databaseUrl ? `PostgreSQL at ${placeOf(databaseUrl)}` : dataDir;
}

/** Whether the data folder has a file for a store. */
export function hasStoreFile(place: Pick<Place, 'dataDir'>): boolean {
  return existsSync(storeFile(place));
}

/**
 * The store that the configuration names as it is: migrations may be missing, no folder is made or changed.
 *
 * @throws UserError where it is elsewhere, or its file is empty or lost.
 */
export function openStoreAsItIs(place: Place): Database {
  const { databaseUrl, databaseConnections: maxConnections } = place;
  if (databaseUrl) return openPostgres(databaseUrl, { maxConnections });
  const elsewhere = findStoreElsewhere(place);
  if (elsewhere !== undefined) throw new UserError(elsewhere);
  requireNotLost(place);
  return openStoreFile(place);
}

/** The same of the data folder's own, even where the store that counts is elsewhere by now. */
export function openStoreFile(place: Pick<Place, 'dataDir'>): Database {
  requireWholeFile(storeFile(place));
  return openSqlite(storeFile(place));
}

/** What a server keeps beside its store, and never without one. */
const BESIDE = 'crawls.sqlite';

/** A new store in the place of one that is missing would answer as if nothing had ever been in it. */
function requireNotLost(place: Pick<Place, 'dataDir'>): void {
  const beside = join(place.dataDir, BESIDE);
  if (hasStoreFile(place) || !existsSync(beside)) return;
  throw new UserError(
    `The store is missing: a server has used the data folder ${place.dataDir}, and it no longer contains rollcall.sqlite.\n` +
      `Put it back with the files whose names begin with its name, or restore a backup. To start empty, delete ${beside}.`,
  );
}

/** Whether a store was made in a database that is open. */
export async function isMade(database: Database): Promise<boolean> {
  const { needed } = await database.missingMigrations();
  return !needed.some((name) => name.startsWith('001-'));
}

/**
 * The store that the configuration names, made when it is not there, with the migrations applied that this version needs.
 * What serves from it keeps files in the data folder, which says from then on where the store is.
 *
 * @param migrate applies the migrations.
 * @throws UserError where the data folder or the store in it cannot be used.
 */
export async function openStore(
  place: Place,
  migrate: (database: Database) => Promise<unknown> = (database) => database.migrate(),
): Promise<Database> {
  const database = makeStore(place);
  try {
    await migrate(database);
    if (place.databaseUrl) markFolder(place.dataDir, describePlace(place));
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
    if (error instanceof UserError || describeDamage(error) !== undefined) throw error;
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
