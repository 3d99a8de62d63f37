-- What lets an import take the same time whatever is known of the rows that were there before.

-- What an organization and its list narrow the rows down to is taken for nothing, and a row's own columns for what finds
-- it. Otherwise the planner goes by the few rows that it last saw, and where they say that an organization has hardly any,
-- any index that begins with the organization is as good to it as the one by token, id, slot or parent: then it reads all
-- of a list for each row that it looks for. Unlike what it gathers itself (see 002), this outlasts every analyze.
alter table discovery_rows
  alter column organization_id set (n_distinct = 1),
  alter column list set (n_distinct = 1),
  alter column slot set (n_distinct = -1),
  alter column changed set (n_distinct = -1),
  alter column id set (n_distinct = -1),
  alter column token set (n_distinct = -1),
  alter column parent set (n_distinct = -0.2);

-- What 002 and 004 put in and took out left pages, which would make a new store look emptier than it is.
do $$ begin
  if not exists (select from discovery_rows) then truncate discovery_rows; end if;
end $$;

-- It counts from the next analyze that finds rows.
insert into organizations (id, username, name, created_at, epoch, last_own_id) values (0, '', '', '', '', 0);
insert into discovery_rows (organization_id, list, slot, changed, id, token, parent, personal, was_shared, body)
  select 0, list, number, number, number, number::text, number, 0, 1, '{}'
  from generate_series(1, 6) as list, generate_series(1, 20) as number;
analyze discovery_rows;
delete from discovery_rows where organization_id = 0;
delete from organizations where id = 0;
