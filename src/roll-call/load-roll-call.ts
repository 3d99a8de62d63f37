import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { getAnswersWithinDays } from '../organizations/settings-store.ts';
import type { Roll } from '../report-index/roll-call-question.ts';
import type { Reach } from '../spaces/space-access.ts';
import { listLastDueTimes } from './due-time-store.ts';

/** So long a run that a schedule started may take before the report is said to be late. */
const SCHEDULE_GRACE_MS = 60 * 60 * 1000;
const REPORTS_AT_ONCE = 1000;

/** Which reports are to be called now, and the organization's rule: for how many days a success counts without a schedule. */
export async function loadRollCall(
  { database, clock }: { database: Database; clock: Clock },
  organizationId: number,
  reach: Reach,
): Promise<{ roll: Roll; answersWithinDays: number }> {
  const nowMs = clock();
  const answersWithinDays = await getAnswersWithinDays(database, organizationId);
  const until = wireTime(nowMs - SCHEDULE_GRACE_MS);
  const lastDue: Float64Array[] = [];
  for (let after = 0, isFull = true; isFull; ) {
    const read = await listLastDueTimes(database, organizationId, {
      until,
      after,
      limit: REPORTS_AT_ONCE,
    });
    lastDue.push(Float64Array.from(read.flatMap(({ slot, due }) => [slot, Date.parse(due)])));
    after = read.at(-1)?.slot ?? after;
    isFull = read.length === REPORTS_AT_ONCE;
    if (isFull) await nextTurn();
  }
  const recentSinceMs = nowMs - answersWithinDays * DAY_MS;
  return { roll: { reach, recentSinceMs, lastDue }, answersWithinDays };
}
