-- What people make and edit here: archived rows, owners of personal spaces, what no list tells of a thing, and the versions
-- of reports.

-- The row of a thing that was archived, which no list holds meanwhile: its body is null. It keeps its slot, number and token.
alter table discovery_rows add column archived_body bytea;

drop index discovery_rows_token;
drop index discovery_rows_id;
drop index discovery_rows_parent;
create unique index discovery_rows_token on discovery_rows (organization_id, list, token)
  where body is not null or archived_body is not null;
create unique index discovery_rows_id on discovery_rows (organization_id, list, id)
  where body is not null or archived_body is not null;
create index discovery_rows_parent on discovery_rows (organization_id, parent)
  where body is not null or archived_body is not null;

-- What the query planner knows (see 002) counts for these indexes only once they have been measured with rows in them.
insert into organizations (id, username, name, created_at, epoch, last_own_id) values (0, '', '', '', '', 0);
insert into discovery_rows
  (organization_id, list, slot, changed, id, token, parent, personal, was_shared, body, archived_body)
  select 0, list, number, number, number, number::text, number, 0, 1,
    case when number > 5 then '{}'::bytea end, case when number <= 5 then '{}'::bytea end
  from generate_series(1, 6) as list, generate_series(1, 500) as number;
analyze discovery_rows;
delete from discovery_rows where organization_id = 0;
delete from organizations where id = 0;

-- Whose personal space is whose. An imported private space has no owner until an admin says who it is.
create table space_owners (
  organization_id bigint not null references organizations (id),
  space_slot bigint not null,
  member_slot bigint not null,
  primary key (organization_id, space_slot),
  unique (organization_id, member_slot)
);

-- What the REST API tells of a thing beyond its row. What was imported has none until it is edited here.
create table row_details (
  organization_id bigint not null references organizations (id),
  slot bigint not null,
  created_at text,
  updated_at text,
  -- The member who made it.
  creator_slot bigint,
  -- What only one kind of thing has, as JSON: the picture that a chart draws, the order of a report's queries.
  content text,
  primary key (organization_id, slot)
);

-- Each state in which an edit left a report.
create table report_versions (
  organization_id bigint not null references organizations (id),
  report_slot bigint not null,
  number bigint not null,
  saved_at text not null,
  -- The address of who edited it; null for the state in which the report was found.
  editor_email text,
  summary text not null,
  -- The report, its queries and its charts, as JSON.
  content text not null,
  primary key (organization_id, report_slot, number)
);
