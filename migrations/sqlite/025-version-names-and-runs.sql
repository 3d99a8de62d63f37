-- What people call a version of a report; and of which version a run is, so that it can be shown with what it returned.

alter table report_versions add column name text;

-- Null for a run from before this was kept, or of a report that was never edited here.
alter table runs add column report_version integer;

create index runs_version on runs (organization_id, report_slot, report_version, number) where report_version is not null;
