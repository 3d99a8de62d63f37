-- Which Rollcall applied each migration, which Rollcall may open the store, and how far a migration in code has come.

create table rollcall_schema (
  -- The number of the migration.
  version integer primary key,
  -- The Rollcall that applied it; null if that was before this was recorded.
  applied_by text,
  -- The oldest Rollcall that may open the store from then on; null if any may.
  oldest text,
  -- Where a migration that has begun continues; null once it is applied.
  place text
) strict;

-- Until here, the file's own number was that of the last migration.
insert into rollcall_schema (version)
with recursive applied (version) as (
  select 1 union all select version + 1 from applied, pragma_user_version where version < user_version
)
select version from applied, pragma_user_version where version <= user_version;
