import type { Store } from '../database/database.ts';

/** For how many days the last success of a report without a schedule is recent. */
export async function getAnswersWithinDays(store: Store, organizationId: number): Promise<number> {
  const row = await store.get<{ days: number }>(
    'select answers_within_days as days from organizations where id = ?',
    [organizationId],
  );
  if (row === undefined) throw new Error(`No organization has the number ${organizationId}.`);
  return row.days;
}

export async function setAnswersWithinDays(
  store: Store,
  organizationId: number,
  days: number,
): Promise<void> {
  await store.run('update organizations set answers_within_days = ? where id = ?', [
    days,
    organizationId,
  ]);
}
