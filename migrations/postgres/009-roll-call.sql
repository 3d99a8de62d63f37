-- Which reports answer: what an organization means by it, and how many did on each day.

-- For how many days the last success of a report without a schedule is recent.
alter table organizations add column answers_within_days bigint not null default 30;

-- Of what lies in shared spaces, which everybody sees alike.
create table roll_call_days (
  organization_id bigint not null references organizations (id),
  -- In UTC.
  day text not null,
  reports bigint not null,
  answering bigint not null,
  failing bigint not null,
  stale bigint not null,
  never_ran bigint not null,
  never_viewed bigint not null,
  owner_left bigint not null,
  duplicates bigint not null,
  primary key (organization_id, day)
);
