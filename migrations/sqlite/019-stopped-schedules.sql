-- When a schedule was stopped because its owner was removed; null once somebody has taken it over, or resumed it.

alter table schedules add column stopped_at text;
