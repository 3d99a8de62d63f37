-- Whether a run is what somebody sees who opens its report and chooses no run: a schedule started it, or all its parameters
-- have the defaults of the form.

alter table runs add column is_default integer not null default 0 check (is_default in (0, 1));

-- json keeps each value as it was written, and takes what jsonb refuses, such as \u0000.
update runs set is_default = 1
where schedule_number is not null or (
  not exists (
    select 1 from json_array_elements(form_fields::json) as field
    where (field -> 'value')::text is distinct from (field -> 'default')::text
  ) and not exists (
    select 1 from json_object_keys(parameters::json) as name
    where name not in (select field ->> 'name' from json_array_elements(form_fields::json) as field)
  )
);

create index runs_default on runs (organization_id, report_slot, number) where is_default = 1;
