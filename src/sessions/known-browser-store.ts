import type { Store } from '../database/database.ts';

/** A browser in which somebody has signed in with an email. It is of no organization, like the email. */
export type KnownBrowser = { browserHash: Uint8Array; accountHash: Uint8Array };

export async function isKnownBrowser(
  store: Store,
  { browserHash, accountHash }: KnownBrowser,
  now: string,
): Promise<boolean> {
  const row = await store.get(
    'select 1 as known from known_browsers where browser_hash = ? and account_hash = ? and ends_at > ?',
    [browserHash, accountHash, now],
  );
  return row !== undefined;
}

/** Remembers a browser until a time, and forgets those whose time is over. */
export async function saveKnownBrowser(
  store: Store,
  { browserHash, accountHash }: KnownBrowser,
  { now, endsAt }: { now: string; endsAt: string },
): Promise<void> {
  await store.run('delete from known_browsers where ends_at <= ?', [now]);
  await store.run(
    `insert into known_browsers (browser_hash, account_hash, ends_at) values (?, ?, ?)
     on conflict (browser_hash, account_hash) do update set ends_at = excluded.ends_at`,
    [browserHash, accountHash, endsAt],
  );
}
