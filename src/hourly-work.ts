import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type Database, StoreBusyError, StoreUnavailableError } from './database/database.ts';
import { doAgain, doHourly } from './hourly.ts';
import type { Identifiers } from './identifiers.ts';
import { settleImports } from './import/import-inventory.ts';
import { recordEngagedDays } from './members/engaged-days.ts';
import { purgeHourly } from './organizations/purge-removed.ts';
import type { ReportSearch } from './report-index/report-search.ts';
import { forgetDeletedReports } from './reports/forget-deleted.ts';
import { recordDailyRollCall } from './roll-call/record-daily-roll-call.ts';
import { expireRuns } from './runs/expire-runs.ts';

type Parts = {
  database: Database;
  reportSearch: ReportSearch;
  clock: Clock;
  identifiers: Identifiers;
  log: () => { info(facts: object, message: string): void };
  onFault: (error: Error, what: string) => void;
  /** Told of each piece of work whether it was done or failed. */
  onEnd: (work: string, isDone: boolean) => void;
};

/** What is left of an import whose process was killed, an organization must not wait for. */
const SETTLE_IMPORTS = { firstMs: 0, everyMs: 5_000 };

/**
 * What every server does without being asked. Once an hour, it forgets what was removed or deleted long ago, notes how the roll call
 * stands today, deletes old runs and records on which days members did something; every few seconds it goes on with imports whose
 * process is not heard of any more.
 * Answers what ends it, and `reportSearch` with it.
 */
export function beginHourlyWork(
  { keepChangesDays, keepResultsDays, keepRunsDays, readOnly }: Config,
  { database, reportSearch, clock, identifiers, log, onFault, onEnd }: Parts,
): () => Promise<void> {
  if (readOnly !== undefined) return () => reportSearch.close();
  /** Each hour; what fails is told. */
  const hourly = (work: string, act: (isStopped: () => boolean) => Promise<unknown>) =>
    doHourly(
      async (isStopped) => {
        await act(isStopped);
        onEnd(work, true);
      },
      (error) => {
        onEnd(work, false);
        onFault(error, `${work} failed`);
      },
    );
  const stopSettling = doAgain(
    (isStopped) =>
      settleImports(
        { database, clock, identifiers },
        { isStopped, log: (facts, message) => log().info(facts, message) },
      ),
    (error) => {
      // A store that is away is told by whoever needs it first.
      const isAway = error instanceof StoreBusyError || error instanceof StoreUnavailableError;
      if (!isAway) onFault(error, 'continuing an import failed');
    },
    SETTLE_IMPORTS,
  );
  const stopPurging = purgeHourly({ database, clock, keepDays: keepChangesDays }, (error) =>
    onFault(error, 'purging deletions failed'),
  );
  const stopNotingDays = hourly('roll_call', (isStopped) =>
    recordDailyRollCall({ database, reportSearch, clock }, isStopped),
  );
  const stopExpiring = hourly('delete_old_runs', (isStopped) =>
    expireRuns({ database, clock, keepResultsDays, keepRunsDays }, isStopped),
  );
  const stopForgetting = hourly('forget_deleted_reports', (isStopped) =>
    forgetDeletedReports({ database, clock }, isStopped),
  );
  const stopRecordingDays = hourly('record_engaged_days', (isStopped) =>
    recordEngagedDays({ database, clock }, isStopped),
  );
  return async () => {
    await stopSettling();
    await stopPurging();
    await stopForgetting();
    // It may be waiting for a file that takes minutes to make.
    const daysNoted = stopNotingDays();
    await reportSearch.close();
    await daysNoted;
    await stopExpiring();
    await stopRecordingDays();
  };
}
