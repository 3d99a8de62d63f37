import type { Store } from '../database/database.ts';
import type { Counts } from '../report-index/roll-call-lists.ts';

/** How the roll call of a day in UTC ended. */
export type RollCallDay = { day: string } & Counts;

const COUNTS = [
  'reports',
  'answering',
  'failing',
  'stale',
  'never_ran',
  'never_viewed',
  'owner_left',
  'duplicates',
] as const satisfies (keyof Counts)[];

/** Keeps the counts of a day, in place of those that were taken earlier that day. */
export async function saveDay(
  store: Store,
  organizationId: number,
  { day, ...counts }: RollCallDay,
): Promise<void> {
  await store.run(
    `insert into roll_call_days (organization_id, day, ${COUNTS.join(', ')})
     values (?, ?, ${COUNTS.map(() => '?').join(', ')})
     on conflict (organization_id, day) do update
       set ${COUNTS.map((count) => `${count} = excluded.${count}`).join(', ')}`,
    [organizationId, day, ...COUNTS.map((count) => counts[count])],
  );
}

/** The days from one on, oldest first. */
export async function listDays(
  store: Store,
  organizationId: number,
  from: string,
): Promise<RollCallDay[]> {
  return store.all<RollCallDay>(
    `select day, ${COUNTS.join(', ')} from roll_call_days
     where organization_id = ? and day >= ? order by day`,
    [organizationId, from],
  );
}
