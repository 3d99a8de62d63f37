import type { Store } from '../database/database.ts';

/** When a member last used an API token or signature token, and the pages; null where that is not known. */
export type LastUse = { slot: number; api: string | null; inApp: string | null };

/** The last uses of the members who are known to have used anything on or after a day. */
export async function listLastUses(
  store: Store,
  organizationId: number,
  sinceDay: string,
): Promise<LastUse[]> {
  const ofTokens = await store.all<{ slot: number; at: string }>(
    `select member_slot as slot, max(last_used_at) as at from access_tokens
     where organization_id = ? and member_slot is not null and last_used_at >= ? group by member_slot`,
    [organizationId, sinceDay],
  );
  const ofSessions = await store.all<{ slot: number; at: string }>(
    `select member_slot as slot, max(last_seen_at) as at from sessions
     where organization_id = ? and last_seen_at >= ? group by member_slot`,
    [organizationId, sinceDay],
  );
  const uses = new Map<number, LastUse>();
  const of = (slot: number) => uses.get(slot) ?? { slot, api: null, inApp: null };
  for (const { slot, at } of ofTokens) uses.set(slot, { ...of(slot), api: at });
  for (const { slot, at } of ofSessions) uses.set(slot, { ...of(slot), inApp: at });
  return [...uses.values()];
}
