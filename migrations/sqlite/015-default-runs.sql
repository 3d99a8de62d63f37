-- Whether a run is what somebody sees who opens its report and chooses no run: a schedule started it, or all its parameters
-- have the defaults of the form.

alter table runs add column is_default integer not null default 0 check (is_default in (0, 1));

update runs set is_default = 1
where schedule_number is not null or (
  not exists (
    select 1 from json_each(form_fields) as field
    where json_extract(field.value, '$.value') is not json_extract(field.value, '$.default')
  ) and not exists (
    select 1 from json_each(parameters) as parameter
    where parameter.key not in (select json_extract(field.value, '$.name') from json_each(form_fields) as field)
  )
);

create index runs_default on runs (organization_id, report_slot, number) where is_default = 1;
