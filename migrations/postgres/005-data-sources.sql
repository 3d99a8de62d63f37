-- Where queries run. Their secrets are sealed with a key that is not in the store.

create table data_sources (
  organization_id bigint not null references organizations (id),
  -- Out of the same numbers as all things made here.
  id bigint not null,
  token text not null,
  name text not null,
  description text,
  adapter text not null check (adapter in ('duckdb', 'postgresql', 'mysql', 'sqlite')),
  -- How to connect, as JSON, without what is secret.
  options text not null,
  -- What is secret of it, sealed; null where nothing is.
  sealed_secrets text,
  -- The member who made it.
  creator_slot bigint,
  created_at text not null,
  updated_at text not null,
  primary key (organization_id, id),
  unique (organization_id, token),
  unique (organization_id, name)
);
