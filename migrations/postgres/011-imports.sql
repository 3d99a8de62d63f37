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

-- The number of the last change of an import that is under way; null where there is none. What it has changed has numbers
-- above `position`, and nobody who follows changes sees it before `position` is past it. Nobody else writes meanwhile.
alter table organizations add column import_position bigint;

-- The import that is under way in an organization. A process that is killed leaves it to the next one.
create table imports (
  organization_id bigint primary key references organizations (id),
  -- Of the process that does it, until another one takes it over.
  token text not null,
  state text not null check (state in ('planning', 'applying', 'published')),
  -- Until when that process is believed to be alive.
  leased_until text not null,
  steps bigint not null,
  steps_done bigint not null,
  -- What is to be written down of it once it is done, as JSON; null until all of it is planned.
  outcome text
);

-- What is still to be done of it, in order, as JSON.
create table import_steps (
  organization_id bigint not null references organizations (id),
  number bigint not null,
  content text not null,
  primary key (organization_id, number)
);

-- The rows that it has changed, as they were before: they count until it is published.
create table replaced_rows (
  organization_id bigint not null references organizations (id),
  list smallint not null,
  slot bigint not null,
  changed bigint not null,
  id bigint not null,
  token text not null,
  parent bigint,
  personal smallint not null,
  was_shared smallint not null,
  body bytea,
  archived_body bytea,
  primary key (organization_id, list, slot)
);

create index replaced_rows_changed on replaced_rows (organization_id, list, changed);
