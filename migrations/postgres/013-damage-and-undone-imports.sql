-- What shows damage to the store that the store itself does not see: how many rows each list has, and a checksum of each.

-- By the number of the list: rows in all, and rows outside personal spaces; as of `position`.
alter table organizations add column row_counts text not null default '{}';
-- The same as of `import_position`; null where no import is under way.
alter table organizations add column import_row_counts text;

-- Of rows that were written before this, it is not known.
alter table discovery_rows add column checksum bigint;
alter table replaced_rows add column checksum bigint;

update organizations set row_counts = (
  select coalesce(json_object_agg(list, json_build_array(all_rows, shared_rows))::text, '{}')
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
  select coalesce(json_object_agg(list, json_build_array(all_rows, shared_rows))::text, '{}')
  from (
    select list, count(*) as all_rows, sum(1 - personal) as shared_rows from discovery_rows
    where organization_id = organizations.id and body is not null group by list
  ) as counted
) where import_position is not null;

-- What it takes to undo an import that cannot be brought to its end: two more states, and how often it was taken over since
-- it last came further; of a row as it was before, also its source.
alter table imports drop constraint imports_state_check;
alter table imports add constraint imports_state_check
  check (state in ('planning', 'applying', 'clearing', 'restoring', 'published'));
alter table imports add column attempts integer not null default 0;

alter table replaced_rows add column source_id bigint;
