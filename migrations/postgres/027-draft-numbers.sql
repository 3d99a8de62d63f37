-- Each time a draft is saved it gets the next number of its organization, so that open pages can be told of those that
-- were saved since they were last told.
alter table organizations add column last_draft_number bigint not null default 0;
alter table drafts add column number bigint not null default 0;
create index drafts_number on drafts (organization_id, number);
