-- What shows damage to the store that the store itself does not see: how many rows each list has, and a checksum of each.

-- By the number of the list: rows in all, and rows outside personal spaces; as of `position`.
alter table organizations add column row_counts text not null default '{}';
-- The same as of `import_position`; null where no import is under way.
alter table organizations add column import_row_counts text;

-- Of rows that were written before this, it is not known.
alter table discovery_rows add column checksum integer;
alter table replaced_rows add column checksum integer;

update organizations set row_counts = (
  select coalesce(json_group_object(list, json_array(all_rows, shared_rows)), '{}')
  from (
    select list, count(*) as all_rows, sum(1 - personal) as shared_rows
    from (
      select list, personal from discovery_rows
      where organization_id = organizations.id and body is not null and changed <= position
      union all
      select list, personal from replaced_rows
      where organization_id = organizations.id and body is not null and import_position is not null
    ) as published group by list
  ) as counted
);

update organizations set import_row_counts = (
  select coalesce(json_group_object(list, json_array(all_rows, shared_rows)), '{}')
  from (
    select list, count(*) as all_rows, sum(1 - personal) as shared_rows from discovery_rows
    where organization_id = organizations.id and body is not null group by list
  ) as counted
) where import_position is not null;

-- What it takes to undo an import that cannot be brought to its end: two more states, and how often it was taken over since
-- it last came further; of a row as it was before, also its source.
create table imports_that_can_be_undone (
  organization_id integer primary key references organizations (id),
  -- Of the process that does it, until another one takes it over.
  token text not null,
  state text not null check (state in ('planning', 'applying', 'clearing', 'restoring', 'published')),
  -- Until when that process is believed to be alive.
  leased_until text not null,
  attempts integer not null default 0,
  steps integer not null,
  steps_done integer not null,
  -- What is to be written down of it once it is done, as JSON; null until all of it is planned.
  outcome text
) strict;
insert into imports_that_can_be_undone (organization_id, token, state, leased_until, steps, steps_done, outcome)
  select organization_id, token, state, leased_until, steps, steps_done, outcome from imports;
drop table imports;
alter table imports_that_can_be_undone rename to imports;

alter table replaced_rows add column source_id integer;
