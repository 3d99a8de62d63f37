import type { Store } from './database.ts';

/** How a PostgreSQL server is set up and used, beyond Rollcall. */
export type ServerNow = {
  nowMs: number;
  /** How many connections it lets in, of all programs, without those it keeps for its administrators. */
  maxConnections: number;
  connections: number;
  /** Of these, processes of Rollcall: each opens its own. */
  ofRollcall: number;
};

/** Asks the PostgreSQL server of a store how it is. */
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
