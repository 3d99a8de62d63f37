-- Every report has a row that says how it is used. Those that an import brought without one get it here, with what was
-- counted meanwhile.

insert into discovery_rows
  (organization_id, list, slot, changed, id, token, parent, personal, was_shared, source_id, body, archived_body)
select organization_id, 2, number, number, id, token, slot, personal, 1 - personal,
  case when schedules > 0 then null else source_id end,
  case when is_listed then row_bytes end,
  case when not is_listed then row_bytes end
from (
  select report.*,
    convert_to('{"report_id":' || id || ',"report_token":' || to_json(token)::text || ',"active_schedules_count":' || schedules
      || ',"explorations_count":0,"view_count":' || views || ',"total_views_count":' || views
      || ',"recent_manual_run_creators_emails":[],"scheduled_run_creators_emails":[],"editors_emails":[]}', 'UTF8') as row_bytes
  from (
    select r.organization_id, r.slot, r.id, r.token, r.personal, r.source_id, r.body is not null as is_listed,
      o.position + row_number() over (partition by r.organization_id order by r.slot) as number,
      (select count(*) from schedules s
        where s.organization_id = r.organization_id and s.report_slot = r.slot and s.next_at is not null) as schedules,
      (select coalesce(sum(v.views), 0) from report_views v
        where v.organization_id = r.organization_id and v.report_slot = r.slot) as views
    from discovery_rows r
    join organizations o on o.id = r.organization_id
    where r.list = 1 and (r.body is not null or r.archived_body is not null)
      and not exists (select 1 from discovery_rows t where t.organization_id = r.organization_id and t.list = 2
        and t.token = r.token and (t.body is not null or t.archived_body is not null))
      and not exists (select 1 from discovery_rows t where t.organization_id = r.organization_id and t.list = 2
        and t.id = r.id and (t.body is not null or t.archived_body is not null))
  ) as report
) as stats;

update organizations set position = greatest(position, coalesce(
  (select max(slot) from discovery_rows d where d.organization_id = organizations.id and d.list = 2), 0));

-- The numbers of things made here begin elsewhere in each organization, so that one can be imported into another; those
-- that have made something keep theirs.
update organizations set last_own_id = 1000000000 + floor(random() * 1000000000)::bigint where last_own_id = 1000000000;
