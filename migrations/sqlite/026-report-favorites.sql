-- Which reports members have marked to find again. A mark outlives a report that is deleted and a member who is removed, for
-- both can come back.
create table report_favorites (
  organization_id integer not null references organizations (id),
  member_slot integer not null,
  report_slot integer not null,
  created_at text not null,
  primary key (organization_id, member_slot, report_slot)
) strict;

create index report_favorites_report on report_favorites (organization_id, report_slot);
