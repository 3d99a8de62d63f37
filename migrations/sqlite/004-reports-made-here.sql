-- What people make and edit here: archived rows, owners of personal spaces, what no list tells of a thing, and the versions
-- of reports.

-- The row of a thing that was archived, which no list holds meanwhile: its body is null. It keeps its slot, number and token.
alter table discovery_rows add column archived_body blob;

drop index discovery_rows_token;
drop index discovery_rows_id;
drop index discovery_rows_parent;
create unique index discovery_rows_token on discovery_rows (organization_id, list, token)
  where body is not null or archived_body is not null;
create unique index discovery_rows_id on discovery_rows (organization_id, list, id)
  where body is not null or archived_body is not null;
create index discovery_rows_parent on discovery_rows (organization_id, parent)
  where body is not null or archived_body is not null;

-- Whose personal space is whose. An imported private space has no owner until an admin says who it is.
create table space_owners (
  organization_id integer not null references organizations (id),
  space_slot integer not null,
  member_slot integer not null,
  primary key (organization_id, space_slot),
  unique (organization_id, member_slot)
) strict;

-- What the REST API tells of a thing beyond its row. What was imported has none until it is edited here.
create table row_details (
  organization_id integer not null references organizations (id),
  slot integer not null,
  created_at text,
  updated_at text,
  -- The member who made it.
  creator_slot integer,
  -- What only one kind of thing has, as JSON: the picture that a chart draws, the order of a report's queries.
  content text,
  primary key (organization_id, slot)
) strict;

-- Each state in which an edit left a report.
create table report_versions (
  organization_id integer not null references organizations (id),
  report_slot integer not null,
  number integer not null,
  saved_at text not null,
  -- The address of who edited it; null for the state in which the report was found.
  editor_email text,
  summary text not null,
  -- The report, its queries and its charts, as JSON.
  content text not null,
  primary key (organization_id, report_slot, number)
) strict;

-- What 002 says of these indexes, which was forgotten with them.
insert into sqlite_stat1 (tbl, idx, stat) values
  ('discovery_rows', 'discovery_rows_token', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_id', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_parent', '1000000 500000 5');
analyze sqlite_schema;
