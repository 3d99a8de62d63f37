-- The charts of its report as they were when a run was asked for, as JSON; null for runs from before this was kept.
alter table runs add column charts text;

-- What a chart shows of the result of a query, ready to draw.
create table pictures (
  organization_id bigint not null references organizations (id),
  run_number bigint not null,
  position bigint not null,
  -- The attempt at the run from which the result is.
  attempt bigint not null,
  -- A mark of the chart's type and of what it takes of the result: charts that differ in their titles alone share one.
  look text not null,
  picture text not null,
  primary key (organization_id, run_number, position, attempt, look)
);
