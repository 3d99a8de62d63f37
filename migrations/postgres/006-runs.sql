-- Runs of reports, what came out of their queries, and the queue in which runs wait.

alter table organizations add column last_run_number bigint not null default 0;

create table runs (
  organization_id bigint not null references organizations (id),
  -- Rises by one within the organization: the order in which runs were asked for.
  number bigint not null,
  token text not null,
  report_slot bigint not null,
  -- The member who asked for it, or whose schedule did.
  member_slot bigint,
  schedule_number bigint,
  state text not null check (state in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
  -- The values that its queries get by name, and the fields of their forms: as JSON.
  parameters text not null,
  form_fields text not null,
  -- What whoever asked for it called the request, so that asking twice makes one run.
  request_key text,
  created_at text not null,
  updated_at text not null,
  started_at text,
  ended_at text,
  -- How often a worker has taken it. Only the one that took it last may say what became of it.
  attempt bigint not null default 0,
  -- How often a worker has taken it and was not heard of again.
  times_lost bigint not null default 0,
  -- Until when the worker that has it is believed to be alive.
  leased_until text,
  cancel_asked_at text,
  -- When its results were deleted.
  expired_at text,
  primary key (organization_id, number)
);

create unique index runs_token on runs (organization_id, token);
create index runs_report on runs (organization_id, report_slot, number);
create index runs_schedule on runs (organization_id, schedule_number, number) where schedule_number is not null;
create index runs_request on runs (organization_id, report_slot, request_key) where request_key is not null;
create index runs_started on runs (organization_id, started_at);
-- The queue: short, however many runs there were.
create index runs_unfinished on runs (organization_id, number) where ended_at is null;
-- Those that wait, in the order in which they have their turn: first what a person asked for.
create index runs_waiting on runs (organization_id, (schedule_number is not null), number) where state = 'waiting';
create index runs_to_expire on runs (organization_id, ended_at) where expired_at is null and ended_at is not null;
create index runs_expired on runs (organization_id, ended_at, number) where expired_at is not null;

-- What a run does: the queries that its report had when it was asked for.
create table query_runs (
  organization_id bigint not null references organizations (id),
  run_number bigint not null,
  -- The place of the query in the report, from 1.
  position bigint not null,
  token text not null,
  query_token text not null,
  query_name text,
  data_source_token text,
  raw_source text not null,
  -- The SQL as the data source got it.
  rendered_source text,
  state text not null check (state in ('waiting', 'succeeded', 'failed', 'cancelled')),
  started_at text,
  ended_at text,
  error_code text,
  error_message text,
  error_line bigint,
  error_position bigint,
  -- Names and types, as JSON.
  result_columns text,
  row_count bigint,
  byte_count bigint,
  truncated bigint,
  -- The first rows, as JSON.
  preview text,
  -- The attempt at the run from which all this is; its chunks hold the result.
  attempt bigint,
  primary key (organization_id, run_number, position)
);

create unique index query_runs_token on query_runs (organization_id, token);

-- Results: Parquet files in parts, so that every server that shares the store can send them.
create table result_chunks (
  organization_id bigint not null references organizations (id),
  run_number bigint not null,
  position bigint not null,
  attempt bigint not null,
  number bigint not null,
  bytes bytea not null,
  primary key (organization_id, run_number, position, attempt, number)
);
