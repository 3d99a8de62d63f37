import type { Store } from '../database/database.ts';

/** By what a store knows its secret key and its files again: `secret_key` a fingerprint, `files` what lies beside them. */
export type StoreMarks = { secret_key?: string; files?: string };

/** The marks that the store has; none of what it was never given. */
export async function findStoreMarks(store: Store): Promise<StoreMarks> {
  const rows = await store.all<{ name: keyof StoreMarks; value: string }>(
    'select name, value from store_marks',
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Gives the store a mark, unless it has that one already; answers the one that it has then. */
export async function keepStoreMark(
  store: Store,
  name: keyof StoreMarks,
  value: string,
): Promise<string> {
  await store.run('insert into store_marks (name, value) values (?, ?) on conflict do nothing', [
    name,
    value,
  ]);
  return (await findStoreMarks(store))[name] ?? value;
}

/** Gives the store a mark in the place of the one that it has. */
export async function replaceStoreMark(
  store: Store,
  name: keyof StoreMarks,
  value: string,
): Promise<void> {
  await store.run(
    'insert into store_marks (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    [name, value],
  );
}
