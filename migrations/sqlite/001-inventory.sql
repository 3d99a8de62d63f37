-- Organizations, who may call, and the rows of the Discovery lists.

create table organizations (
  id integer primary key,
  username text not null unique,
  name text not null,
  created_at text not null,
  -- Tells its numbers of changes from those of a restored copy, where they come again for other content.
  epoch text not null,
  -- The number of the last change to any of its rows. A row's slot is the number of the change that
  -- made it, so slots rise in the order in which the organization got its things, and none is reused.
  position integer not null default 0,
  -- What was removed by changes numbered up to this is no longer remembered.
  oldest_change integer not null default 0,
  -- How often a credential was taken away or a member changed: what a server remembers of credentials holds as long
  -- as this stays as it is.
  access_changes integer not null default 0,
  -- The last number given to a thing made here.
  last_own_id integer not null
) strict;

-- Where imported rows came from; a row without a source was made here.
create table sources (
  id integer primary key,
  organization_id integer not null references organizations (id),
  name text not null,
  unique (organization_id, name)
) strict;

-- One row for each thing of the six Discovery lists, as the bytes that are sent.
create table discovery_rows (
  organization_id integer not null references organizations (id),
  -- The number of the list in src/inventory/lists.ts.
  list integer not null,
  slot integer not null,
  -- The number of the change that last touched it.
  changed integer not null,
  id integer not null,
  token text not null,
  -- The slot of what it belongs to: a report's space; the report of a query, a chart or a stats row.
  parent integer,
  -- 1 when it lies in a personal space.
  personal integer not null,
  -- 1 once it has been outside personal spaces.
  was_shared integer not null,
  source_id integer references sources (id),
  -- The row as JSON; null once the thing is gone.
  body blob,
  -- When it was removed; the rest is kept for those who follow the changes, and not for ever.
  removed_at text,
  primary key (organization_id, list, slot)
) strict, without rowid;

create unique index discovery_rows_token on discovery_rows (organization_id, list, token) where body is not null;
create unique index discovery_rows_id on discovery_rows (organization_id, list, id) where body is not null;
create index discovery_rows_changed on discovery_rows (organization_id, list, changed);
create index discovery_rows_parent on discovery_rows (organization_id, parent) where body is not null;
create index discovery_rows_removed on discovery_rows (organization_id, changed) where removed_at is not null;
create index discovery_rows_removed_token on discovery_rows (organization_id, list, token) where removed_at is not null;

create table members (
  organization_id integer not null references organizations (id),
  -- The member's row in the members list.
  slot integer not null,
  email text not null,
  role text not null check (role in ('admin', 'member')),
  created_at text not null,
  primary key (organization_id, slot),
  unique (organization_id, email)
) strict;

create table access_tokens (
  -- The public part, unique on the whole server: it says which organization a caller is in.
  token text primary key,
  kind text not null check (kind in ('api', 'signature')),
  organization_id integer not null references organizations (id),
  -- The member it belongs to; null for a signature token of the organization itself.
  member_slot integer,
  name text not null,
  -- SHA-256 of the secret parts.
  secret_hash blob not null,
  created_at text not null,
  expires_at text,
  revoked_at text
) strict;

create index access_tokens_organization on access_tokens (organization_id, kind, created_at);
