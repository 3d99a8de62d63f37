-- Which reports answer: what an organization means by it, and how many did on each day.

-- For how many days the last success of a report without a schedule is recent.
alter table organizations add column answers_within_days integer not null default 30;

-- Of what lies in shared spaces, which everybody sees alike.
create table roll_call_days (
  organization_id integer not null references organizations (id),
  -- In UTC.
  day text not null,
  reports integer not null,
  answering integer not null,
  failing integer not null,
  stale integer not null,
  never_ran integer not null,
  never_viewed integer not null,
  owner_left integer not null,
  duplicates integer not null,
  primary key (organization_id, day)
) strict;
