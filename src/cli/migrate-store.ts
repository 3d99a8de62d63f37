import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type Database, StoreBusyError } from '../database/database.ts';
import { isMade } from '../database/open-store.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { settleImports } from '../import/import-inventory.ts';
import { type Progress, startProgress } from './progress.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { logAtStart } from './start-log.ts';

const BUSY_MS = 500;
const LOG_EVERY_MS = 5_000;

/** Is shown how far a migration has come, and what it waits for. */
type Watcher = {
  onProgress(migration: string, done: number, total: number): void;
  onWait(reason: string): void;
};

/**
 * Applies the migrations that a store lacks; see `Database.migrate`. An import keeps a migration in code waiting; one whose
 * process was killed is first brought to its end, for no server may be there to do it.
 */
async function migrate(
  database: Database,
  { onProgress, onWait }: Watcher,
  finish: boolean,
): Promise<string[]> {
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  let reason: string | undefined;
  return database.migrate({
    finish,
    onProgress,
    async whileBusy({ message }) {
      if (message !== reason) onWait(message);
      reason = message;
      await settleImports({ database, ...outside }).catch((error) => {
        if (!(error instanceof StoreBusyError)) throw error;
      });
      await sleep(BUSY_MS);
    },
  });
}

/**
 * Does so for a command, with a bar for each migration in code.
 *
 * @param finish also what older versions cannot live with.
 */
export async function migrateStore(
  { surroundings }: RollcallCommand,
  database: Database,
  { finish = false } = {},
): Promise<string[]> {
  let bar: { migration: string; progress: Progress } | undefined;
  const watcher: Watcher = {
    onProgress(migration, done, total) {
      if (bar?.migration !== migration) {
        bar?.progress.finish();
        const output = surroundings.stderr;
        bar = { migration, progress: startProgress(`Applying ${migration}`, total, { output }) };
      }
      bar.progress.update(done);
    },
    onWait: (reason) => bar?.progress.note(`Waiting: ${reason}`),
  };
  try {
    return await migrate(database, watcher, finish);
  } finally {
    bar?.progress.finish();
  }
}

/**
 * Does so for a server or a worker, and logs every few seconds how far it is. In SQLite, which servers do not share, it
 * applies all; in PostgreSQL, it leaves to `rollcall migrate --finish` what older versions beside it cannot live with.
 */
export async function migrateAtStart(
  { surroundings }: RollcallCommand,
  database: Database,
  { databaseUrl, logLevel, readOnly }: Pick<Config, 'databaseUrl' | 'logLevel' | 'readOnly'>,
): Promise<void> {
  if (readOnly !== undefined) return requireMigrated(database);
  const log = logAtStart(surroundings.stderr, logLevel);
  let loggedMs = Number.NEGATIVE_INFINITY;
  const watcher: Watcher = {
    onProgress(migration, done, total) {
      const nowMs = systemClock();
      if (nowMs - loggedMs < LOG_EVERY_MS && done < total) return;
      loggedMs = nowMs;
      log('info', { migration, done, total }, 'migrating');
    },
    onWait: (reason) => log('warn', { reason }, 'migration waits'),
  };
  const isNew = !(await isMade(database));
  const applied = await migrate(database, watcher, databaseUrl === undefined);
  if (applied.length > 0 && !isNew) log('info', { applied }, 'migrated');
  const { waiting } = await database.missingMigrations();
  if (waiting.length > 0) {
    const todo = 'run "rollcall migrate --finish" when every server and worker has this version';
    log('warn', { waiting }, `migrations wait: ${todo}`);
  }
}

async function requireMigrated(database: Database): Promise<void> {
  const { needed } = await database.missingMigrations();
  if (needed.length === 0) return;
  throw new UserError(
    `The store lacks migrations (${needed.join(', ')}), and a read-only server applies none.\n` +
      'Run "rollcall migrate" first, or start without ROLLCALL_READ_ONLY.',
  );
}
