import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { countRoll } from './count-roll.ts';
import { saveDay } from './roll-call-store.ts';

/**
 * Calls the roll of every organization and keeps the counts as those of today: of what lies in shared spaces, so that
 * everybody may see them. The last one of a day stays.
 */
export async function noteDays(parts: { database: Database; clock: Clock }): Promise<void> {
  for (const { id } of await listOrganizations(parts.database)) {
    const counts = await countRoll(parts, id);
    const day = wireTime(parts.clock()).slice(0, 10);
    await saveDay(parts.database, id, { day, ...counts });
  }
}
