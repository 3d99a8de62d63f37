-- With SQLite, the ends of pages are kept in a file of their own; see src/discovery/open-pages.ts.
select 1;
