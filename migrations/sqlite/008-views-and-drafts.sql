-- Who opens which report, and what people are writing and have not published yet.

create table report_views (
  organization_id integer not null references organizations (id),
  report_slot integer not null,
  member_slot integer not null,
  -- How many visits.
  views integer not null,
  last_viewed_at text not null,
  primary key (organization_id, report_slot, member_slot)
) strict;

create index report_views_member on report_views (organization_id, member_slot);

-- At most one of each member for each report.
create table drafts (
  organization_id integer not null references organizations (id),
  report_slot integer not null,
  member_slot integer not null,
  -- The version of the report from which it began; 0 for a report that was never edited here.
  base_version integer not null,
  saved_at text not null,
  -- The report as the editor has it, as JSON.
  content text not null,
  primary key (organization_id, report_slot, member_slot)
) strict;
