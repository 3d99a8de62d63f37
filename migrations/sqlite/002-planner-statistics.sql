-- How many rows share a value in each index of discovery_rows, for the query planner. Without this it takes every index
-- for a good one, and reads the whole list of an organization to find one row by its token, id or parent.

analyze discovery_rows;
delete from sqlite_stat1 where tbl = 'discovery_rows';
insert into sqlite_stat1 (tbl, idx, stat) values
  ('discovery_rows', 'discovery_rows', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_token', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_id', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_changed', '1000000 500000 100000 1'),
  ('discovery_rows', 'discovery_rows_parent', '1000000 500000 5'),
  ('discovery_rows', 'discovery_rows_removed', '100000 50000 1'),
  ('discovery_rows', 'discovery_rows_removed_token', '100000 50000 10000 1');
analyze sqlite_schema;
