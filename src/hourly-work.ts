import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { doHourly } from './hourly.ts';
import { purgeHourly } from './organizations/purge-removed.ts';
import type { ReportSearch } from './report-index/report-search.ts';
import { noteDays } from './roll-call/note-days.ts';
import { expireRuns } from './runs/expire-runs.ts';

type Parts = {
  database: Database;
  reportSearch: ReportSearch;
  clock: Clock;
  onFault: (error: Error, what: string) => void;
};

/**
 * What every server does once an hour without being asked: it forgets what was removed long ago, notes how the roll call
 * stands today, and deletes old runs. Answers what ends it, and `reportSearch` with it.
 */
export function beginHourlyWork(
  { keepChangesDays, keepResultsDays, keepRunsDays }: Config,
  { database, reportSearch, clock, onFault }: Parts,
): () => Promise<void> {
  const stopPurging = purgeHourly({ database, clock, keepDays: keepChangesDays }, (error) =>
    onFault(error, 'purging failed'),
  );
  const stopNotingDays = doHourly(
    (isStopped) => noteDays({ database, reportSearch, clock }, isStopped),
    (error) => onFault(error, 'calling the roll failed'),
  );
  const stopExpiring = doHourly(
    (isStopped) => expireRuns({ database, clock, keepResultsDays, keepRunsDays }, isStopped),
    (error) => onFault(error, 'deleting old runs failed'),
  );
  return async () => {
    await stopPurging();
    // It may be waiting for a file that takes minutes to make.
    const daysNoted = stopNotingDays();
    await reportSearch.close();
    await daysNoted;
    await stopExpiring();
  };
}
