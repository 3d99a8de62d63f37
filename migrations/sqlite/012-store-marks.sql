-- What a machine has to have to run queries as any other on the store would: a mark of each, by its name.

create table store_marks (
  name text not null primary key check (name in ('secret_key', 'files')),
  value text not null
) strict;
