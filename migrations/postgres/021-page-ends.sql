-- Where the pages of crawls ended. Worth nothing after an hour, so it is not logged. Takes the place of the table crawls,
-- which the release before uses.
create unlogged table page_ends (
  organization_id bigint not null,
  -- An access token, and the epoch of its organization.
  token text not null,
  list smallint not null,
  view text not null,
  per_page bigint not null,
  -- Counts the changes, for servers that note something at the same time.
  version bigint not null,
  used_at_ms bigint not null,
  -- As JSON; see src/discovery/crawl-store.ts.
  ends text not null,
  primary key (organization_id, token, list, view, per_page)
);
