-- Reports that were deleted and can still be restored: the rows that they had, as they were. Whatever else there is of
-- them stays where it is until they are forgotten.
create table deleted_reports (
  organization_id integer not null references organizations (id),
  report_slot integer not null,
  token text not null,
  name text,
  deleted_at text not null,
  deleted_by_slot integer,
  -- Who may restore it besides: the member who made it, if that is known.
  creator_slot integer,
  -- The rows as JSON: the report, its stats, its queries and its charts.
  content text not null,
  -- The numbers of the schedules that it paused, as JSON.
  schedules text not null,
  primary key (organization_id, report_slot)
) strict;

create index deleted_reports_token on deleted_reports (organization_id, token);
create index deleted_reports_deleted_at on deleted_reports (organization_id, deleted_at);
