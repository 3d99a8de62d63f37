-- Which adapters there are is known to the program, so that another kind of data source needs no migration.

alter table data_sources drop constraint data_sources_adapter_check;
