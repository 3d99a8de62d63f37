import type { Store } from '../database/database.ts';

/** How many tries somebody has made, and when they are forgotten. */
export type Tries = { tries: number; endsAt: string };

/**
 * Counts one more try, in the window that began with the first. Within a transaction. Tries are of no organization: who
 * guesses is a member of none yet.
 */
export async function countTry(
  store: Store,
  subjectHash: Uint8Array,
  { now, endsAt }: { now: string; endsAt: string },
): Promise<Tries> {
  await store.run('delete from sign_in_tries where ends_at <= ?', [now]);
  const counted = await store.get<Tries>(
    `insert into sign_in_tries (subject_hash, tries, ends_at) values (?, 1, ?)
     on conflict (subject_hash) do update set tries = sign_in_tries.tries + 1
     returning tries, ends_at as "endsAt"`,
    [subjectHash, endsAt],
  );
  return counted as Tries;
}

/** Takes back a try that was good after all. */
export async function uncountTry(store: Store, subjectHash: Uint8Array): Promise<void> {
  await store.run(
    'update sign_in_tries set tries = tries - 1 where subject_hash = ? and tries > 0',
    [subjectHash],
  );
}

export async function forgetTries(store: Store, subjectHash: Uint8Array): Promise<void> {
  await store.run('delete from sign_in_tries where subject_hash = ?', [subjectHash]);
}
