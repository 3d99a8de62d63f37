import type { Store } from './database.ts';

/** The settings and use of a PostgreSQL server. */
export type ServerNow = {
  nowMs: number;
  /** The most connections of all programs, except those reserved for administrators. */
  maxConnections: number;
  connections: number;
  /** The connections of Rollcall's processes. */
  ofRollcall: number;
};

/** Reads the state of the PostgreSQL server of a store. */
export async function getServerNow(store: Store): Promise<ServerNow> {
  const row = await store.get<ServerNow>(
    `select (extract(epoch from clock_timestamp()) * 1000)::bigint as "nowMs",
       current_setting('max_connections')::bigint
         - current_setting('superuser_reserved_connections')::bigint as "maxConnections",
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
       (select count(*) from pg_stat_activity where application_name = 'rollcall') as "ofRollcall"`,
  );
  if (row === undefined) throw new Error('PostgreSQL answered nothing.');
  return row;
}
