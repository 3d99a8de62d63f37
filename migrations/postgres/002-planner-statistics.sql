-- How many rows share a value in each column of discovery_rows, for the query planner, which knows it otherwise only some
-- time after the first rows were written. Without this it takes every index for as good as any other, and reads the whole
-- list of an organization to find one row by its token, id or slot. Statistics of rows that are gone stay until there are
-- others.

insert into organizations (id, username, name, created_at, epoch, last_own_id) values (0, '', '', '', '', 0);
insert into discovery_rows (organization_id, list, slot, changed, id, token, parent, personal, was_shared, body)
  select 0, list, number, number, number, number::text, number, 0, 1, '{}'
  from generate_series(1, 6) as list, generate_series(1, 500) as number;
analyze discovery_rows;
delete from discovery_rows where organization_id = 0;
delete from organizations where id = 0;
