import type { Queries } from '../database/database.ts';
import type { List, View } from '../inventory/lists.ts';

/** Which crawl a request may belong to: one list, read by one crawler in pages of one size. */
export type CrawlKey = {
  /** An access token and the organization's epoch: slots from before a restore mean nothing after it. */
  crawler: string;
  list: List;
  view: View;
  perPage: number;
};

/** How far a crawl has come: its last page, and the slots between which the rows of that page lie. */
export type Crawl = { page: number; startSlot: number; lastSlot: number; usedAtMs: number };

/** The table in a store of its own, which needs no migration: what it holds is worth nothing after an hour. */
// PostgreSQL has the same in its migrations.
export const CRAWLS_TABLE = `
create table if not exists crawls (
  organization_id bigint not null,
  token text not null,
  list smallint not null,
  view text not null,
  per_page bigint not null,
  page bigint not null,
  start_slot bigint not null,
  last_slot bigint not null,
  used_at_ms bigint not null,
  primary key (organization_id, token, list, view, per_page)
)`;

export async function findCrawl(
  queries: Queries,
  organizationId: number,
  { crawler, list, view, perPage }: CrawlKey,
): Promise<Crawl | undefined> {
  return queries.get<Crawl>(
    `select page, start_slot as "startSlot", last_slot as "lastSlot", used_at_ms as "usedAtMs" from crawls
     where organization_id = ? and token = ? and list = ? and view = ? and per_page = ?`,
    [organizationId, crawler, list.number, view, perPage],
  );
}

export async function saveCrawl(
  queries: Queries,
  organizationId: number,
  { crawler, list, view, perPage }: CrawlKey,
  { page, startSlot, lastSlot, usedAtMs }: Crawl,
): Promise<void> {
  await queries.run(
    `insert into crawls (organization_id, token, list, view, per_page, page, start_slot, last_slot, used_at_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (organization_id, token, list, view, per_page) do update
     set page = excluded.page, start_slot = excluded.start_slot, last_slot = excluded.last_slot, used_at_ms = excluded.used_at_ms`,
    [organizationId, crawler, list.number, view, perPage, page, startSlot, lastSlot, usedAtMs],
  );
}

/** Forgets an organization's crawls that nobody has gone on with since then. */
export async function deleteCrawlsBefore(
  queries: Queries,
  organizationId: number,
  usedAtMs: number,
): Promise<void> {
  await queries.run('delete from crawls where organization_id = ? and used_at_ms < ?', [
    organizationId,
    usedAtMs,
  ]);
}
