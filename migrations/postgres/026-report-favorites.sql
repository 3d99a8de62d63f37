-- Which reports members have marked to find again. A mark outlives a report that is deleted and a member who is removed, for
-- both can come back.
create table report_favorites (
  organization_id bigint not null references organizations (id),
  member_slot bigint not null,
  report_slot bigint not null,
  created_at text not null,
  primary key (organization_id, member_slot, report_slot)
);

create index report_favorites_report on report_favorites (organization_id, report_slot);
