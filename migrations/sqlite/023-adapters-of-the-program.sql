-- Which adapters there are is known to the program, so that another kind of data source needs no migration.

create table data_sources_of_any_adapter (
  organization_id integer not null references organizations (id),
  -- Out of the same numbers as all things made here.
  id integer not null,
  token text not null,
  name text not null,
  description text,
  adapter text not null,
  -- How to connect, as JSON, without what is secret.
  options text not null,
  -- What is secret of it, sealed; null where nothing is.
  sealed_secrets text,
  -- The member who made it.
  creator_slot integer,
  created_at text not null,
  updated_at text not null,
  primary key (organization_id, id),
  unique (organization_id, token),
  unique (organization_id, name)
) strict;

insert into data_sources_of_any_adapter (organization_id, id, token, name, description, adapter, options, sealed_secrets,
  creator_slot, created_at, updated_at)
select organization_id, id, token, name, description, adapter, options, sealed_secrets, creator_slot, created_at, updated_at
from data_sources;

drop table data_sources;
alter table data_sources_of_any_adapter rename to data_sources;
