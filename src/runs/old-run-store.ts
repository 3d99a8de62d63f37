import type { Database } from '../database/database.ts';

const RUNS_AT_ONCE = 50;

/**
 * Deletes runs that ended before a time and whose results are gone, some in each transaction, so that writers need not
 * wait; answers how many. What every report keeps is the run that began last, the last one that succeeded, and the last
 * default run that succeeded.
 *
 * @param isStopped asked between two transactions.
 */
export async function deleteOldRuns(
  database: Database,
  organizationId: number,
  { before, isStopped }: { before: string; isStopped: () => boolean },
): Promise<number> {
  let deleted = 0;
  let last = { endedAt: '', number: 0 };
  while (!isStopped()) {
    const old = await database.all<typeof last>(
      `select ended_at as "endedAt", number from runs r
       where organization_id = ? and expired_at is not null and ended_at < ? and (ended_at, number) > (?, ?)
         and exists (
           select 1 from runs later where later.organization_id = ?
             and later.report_slot = r.report_slot and later.number > r.number
             and (later.started_at is not null or r.started_at is null)
         ) and (state <> 'succeeded' or exists (
           select 1 from runs later where later.organization_id = ?
             and later.report_slot = r.report_slot and later.number > r.number and later.state = 'succeeded'
             and later.is_default >= r.is_default
         ))
       order by ended_at, number limit ?`,
      [
        ...[organizationId, before, last.endedAt, last.number],
        ...[organizationId, organizationId, RUNS_AT_ONCE],
      ],
    );
    const newest = old.at(-1);
    if (newest === undefined) break;
    last = newest;
    await database.transaction(async (store) => {
      for (const { number } of old) {
        const key = [organizationId, number];
        await store.run('delete from query_runs where organization_id = ? and run_number = ?', key);
        await store.run('delete from runs where organization_id = ? and number = ?', key);
      }
    });
    deleted += old.length;
  }
  return deleted;
}
