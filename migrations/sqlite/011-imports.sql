-- The number of the last change of an import that is under way; null where there is none. What it has changed has numbers
-- above `position`, and nobody who follows changes sees it before `position` is past it. Nobody else writes meanwhile.
alter table organizations add column import_position integer;

-- The import that is under way in an organization. A process that is killed leaves it to the next one.
create table imports (
  organization_id integer primary key references organizations (id),
  -- Of the process that does it, until another one takes it over.
  token text not null,
  state text not null check (state in ('planning', 'applying', 'published')),
  -- Until when that process is believed to be alive.
  leased_until text not null,
  steps integer not null,
  steps_done integer not null,
  -- What is to be written down of it once it is done, as JSON; null until all of it is planned.
  outcome text
) strict;

-- What is still to be done of it, in order, as JSON.
create table import_steps (
  organization_id integer not null references organizations (id),
  number integer not null,
  content text not null,
  primary key (organization_id, number)
) strict;

-- The rows that it has changed, as they were before: they count until it is published.
create table replaced_rows (
  organization_id integer not null references organizations (id),
  list integer not null,
  slot integer not null,
  changed integer not null,
  id integer not null,
  token text not null,
  parent integer,
  personal integer not null,
  was_shared integer not null,
  body blob,
  archived_body blob,
  primary key (organization_id, list, slot)
) strict;

create index replaced_rows_changed on replaced_rows (organization_id, list, changed);
