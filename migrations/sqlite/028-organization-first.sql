-- The usernames, which are unique on the whole server. A new organization gets its number here.
create table organization_names (
  organization_id integer primary key,
  username text not null unique
) strict;

insert into organization_names (organization_id, username) select id, username from organizations;
