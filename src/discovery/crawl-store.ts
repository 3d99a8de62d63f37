import type { Store } from '../database/database.ts';
import type { List, View } from '../inventory/lists.ts';
import type { PageEnd } from './page-ends.ts';

/** Which crawls a request may belong to: those of one list, with one access token, in pages of one size. */
export type CrawlKey = {
  /** An access token and the organization's epoch: slots from before a restore mean nothing after it. */
  crawler: string;
  list: List;
  view: View;
  perPage: number;
};

/** Where the pages of these crawls ended. The version changes with each change: 0 where nothing is stored. */
export type StoredEnds = { ends: readonly PageEnd[]; version: number };

/** The table in a store of its own, which needs no migration: what it holds is worth nothing after an hour. */
// PostgreSQL has the same in its migrations.
export const PAGE_ENDS_TABLE = `
create table if not exists page_ends (
  organization_id bigint not null,
  token text not null,
  list smallint not null,
  view text not null,
  per_page bigint not null,
  version bigint not null,
  used_at_ms bigint not null,
  ends text not null,
  primary key (organization_id, token, list, view, per_page)
)`;

/** @param known what was there before: what is still so is not read again. */
export async function findPageEnds(
  store: Store,
  organizationId: number,
  { crawler, list, view, perPage }: CrawlKey,
  known: StoredEnds = NONE,
): Promise<StoredEnds> {
  const found = await store.get<{ version: number; ends: string | null }>(
    `select version, case when version <> ? then ends end as ends from page_ends
     where organization_id = ? and token = ? and list = ? and view = ? and per_page = ?`,
    [known.version, organizationId, crawler, list.number, view, perPage],
  );
  if (found === undefined) return NONE;
  if (found.ends === null) return known;
  return { version: found.version, ends: readEnds(found.ends) };
}

const NONE: StoredEnds = { ends: [], version: 0 };

/** An end as it is stored, without names: there may be many, and they are written with each page. */
type RawEnd = [
  page: number,
  startSlot: number,
  endSlot: number,
  lastSlot: number,
  givenAtMs: number,
  passedAtMs: number | null,
  flags: number,
];
const [SHARED, OVER, FULL] = [1, 2, 4];

function writeEnds(ends: readonly PageEnd[]): string {
  const raw = ends.map(
    (end): RawEnd => [
      end.page,
      end.startSlot,
      end.endSlot,
      end.lastSlot,
      end.givenAtMs,
      end.passedAtMs ?? null,
      (end.isShared ? SHARED : 0) | (end.isOver ? OVER : 0) | (end.isFull ? FULL : 0),
    ],
  );
  return JSON.stringify(raw);
}

function readEnds(text: string): PageEnd[] {
  const raw: RawEnd[] = JSON.parse(text);
  return raw.map(([page, startSlot, endSlot, lastSlot, givenAtMs, passedAtMs, flags]) => ({
    ...{ page, startSlot, endSlot, lastSlot, givenAtMs },
    ...(passedAtMs !== null && { passedAtMs }),
    ...(flags & SHARED && { isShared: true as const }),
    ...(flags & OVER && { isOver: true as const }),
    ...(flags & FULL && { isFull: true as const }),
  }));
}

/**
 * Replaces the ends that have this version. Answers the next one; undefined where they had another one by now. Counting
 * begins at the time: what is stored again after it was forgotten has no version that somebody may remember.
 */
export async function savePageEnds(
  store: Store,
  organizationId: number,
  { crawler, list, view, perPage }: CrawlKey,
  { ends, version, usedAtMs }: StoredEnds & { usedAtMs: number },
): Promise<number | undefined> {
  const next = version === 0 ? usedAtMs : version + 1;
  const saved = await store.run(
    `insert into page_ends (organization_id, token, list, view, per_page, version, used_at_ms, ends)
     values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (organization_id, token, list, view, per_page) do update
     set version = excluded.version, used_at_ms = excluded.used_at_ms, ends = excluded.ends
     where page_ends.version = ?`,
    [
      ...[organizationId, crawler, list.number, view, perPage],
      ...[next, usedAtMs, writeEnds(ends), version],
    ],
  );
  return saved === 1 ? next : undefined;
}

/** Forgets an organization's crawls that nobody has continued since then. */
export async function deletePageEndsBefore(
  store: Store,
  organizationId: number,
  usedAtMs: number,
): Promise<void> {
  await store.run('delete from page_ends where organization_id = ? and used_at_ms < ?', [
    organizationId,
    usedAtMs,
  ]);
}
