import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { eachOrganization } from '../organizations/each-organization.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import type { ReportSearch } from '../report-index/report-search.ts';
import type { Reach } from '../spaces/space-access.ts';
import { loadRollCall } from './load-roll-call.ts';
import { saveDay } from './roll-call-store.ts';

const SHARED: Reach = { ownSpace: undefined };

/**
 * Calls the roll of every organization and keeps the counts as those of today: of what lies in shared spaces, so that
 * everybody may see them. The last one of a day stays. Where it fails for one, the others have their turn all the same.
 *
 * @param isStopped asked before each organization, and where one fails: the search may have been closed.
 */
export async function recordDailyRollCall(
  parts: { database: Database; reportSearch: ReportSearch; clock: Clock },
  isStopped: () => boolean,
): Promise<void> {
  const { database, reportSearch, clock } = parts;
  await eachOrganization(database, isStopped, async (id) => {
    const now = await findOrganizationNow(database, id);
    if (now === undefined) return;
    const { roll } = await loadRollCall(parts, id, SHARED);
    const counts = await reportSearch.ask({ id, ...now }, 'countRoll', roll).catch((error) => {
      if (!isStopped()) throw error;
    });
    if (counts === undefined) return;
    await saveDay(database, id, { day: wireTime(clock()).slice(0, 10), ...counts });
  });
}
