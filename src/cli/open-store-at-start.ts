import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type Database, StoreFaultError, StoreUnavailableError } from '../database/database.ts';
import { openStore } from '../database/open-store.ts';
import { migrateAtStart } from './migrate-store.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { logAtStart } from './start-log.ts';

const AGAIN_MS = 2_000;

/**
 * Opens and migrates the store of a server or a worker. Waits up to `storeWaitSeconds` for a PostgreSQL that does not
 * respond yet, for example because both start with the machine.
 *
 * @throws StoreUnavailableError if it does not respond in that time.
 */
export async function openStoreAtStart(
  command: RollcallCommand,
  config: Config,
): Promise<Database> {
  const log = logAtStart(command.surroundings.stderr, config.logLevel);
  const untilMs = systemClock() + config.storeWaitSeconds * 1000;
  for (;;) {
    try {
      return await openStore(config, (store) => migrateAtStart(command, store, config));
    } catch (error) {
      const isLate = error instanceof StoreUnavailableError && !(error instanceof StoreFaultError);
      const leftMs = untilMs - systemClock();
      if (!isLate || config.databaseUrl === undefined || leftMs <= 0) throw error;
      const facts = { reason: error.message, seconds_left: Math.ceil(leftMs / 1000) };
      log('warn', facts, 'waiting for the store');
      await sleep(Math.min(AGAIN_MS, leftMs));
    }
  }
}
