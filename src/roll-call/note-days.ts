import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { callRoll } from './call-roll.ts';
import type { Inventories } from './inventories.ts';
import { countReports } from './roll-call-lists.ts';
import { saveDay } from './roll-call-store.ts';

/**
 * Calls the roll of every organization and keeps the counts as those of today: of what lies in shared spaces, so that
 * everybody may see them. The last one of a day stays.
 */
export async function noteDays(
  parts: { database: Database; inventories: Inventories; clock: Clock },
  isStopped = () => false,
): Promise<void> {
  for (const { id } of await listOrganizations(parts.database)) {
    if (isStopped()) return;
    const { reports } = await callRoll(parts, id, 'shared');
    const day = wireTime(parts.clock()).slice(0, 10);
    await saveDay(parts.database, id, { day, ...countReports(reports) });
  }
}
