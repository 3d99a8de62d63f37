-- When reports run by themselves.
create table schedules (
  organization_id bigint not null references organizations (id),
  -- Unique within the organization, as numbers of all things made here.
  number bigint not null,
  token text not null,
  report_slot bigint not null,
  name text,
  -- When it falls due, as JSON; see src/schedules/timing.ts.
  timing text not null,
  -- The values of the report's parameters, as JSON.
  parameters text not null,
  -- The member whose schedule it is, and the address that the member had.
  creator_slot bigint,
  creator_email text,
  -- The time for which the next run is to be started; null while it is paused.
  next_at text,
  -- The time for which the last one was.
  last_scheduled_at text,
  -- The time for which the last run was to be started and could not be, and why; null once one was started since.
  refused_at text,
  refusal text,
  created_at text not null,
  updated_at text not null,
  primary key (organization_id, number),
  unique (organization_id, token)
);

create index schedules_report on schedules (organization_id, report_slot);
create index schedules_due on schedules (next_at) where next_at is not null;
