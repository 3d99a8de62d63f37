-- Which Rollcall applied each migration, which Rollcall may open the store, and how far a migration in code has come.

alter table rollcall_schema
  -- The Rollcall that applied it; null if that was before this was recorded.
  add column applied_by text,
  -- The oldest Rollcall that may open the store from then on; null if any may.
  add column oldest text,
  -- Where a migration that has begun continues; null once it is applied.
  add column place text;
