import type { Database, Store } from '../database/database.ts';
import type { Lease, QueryRun } from './run.ts';

/** Large enough that a result is few rows, small enough that a server may hold many in memory at once. */
export const CHUNK_BYTES = 256 * 1024;

/** Keeps parts of a result, within a transaction that holds the run. */
export async function insertChunks(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  { position, first, chunks }: { position: number; first: number; chunks: readonly Uint8Array[] },
): Promise<void> {
  await store.runEach(
    'insert into result_chunks (organization_id, run_number, position, attempt, number, bytes) values (?, ?, ?, ?, ?, ?)',
    chunks.map((bytes, index) => [
      organizationId,
      runNumber,
      position,
      attempt,
      first + index,
      bytes,
    ]),
  );
}

/** A part of the result of a query, counted from 0; undefined past its end. */
export async function findChunk(
  store: Store,
  organizationId: number,
  { runNumber, position, attempt }: Pick<QueryRun, 'runNumber' | 'position' | 'attempt'>,
  number: number,
): Promise<Uint8Array | undefined> {
  const row = await store.get<{ bytes: Uint8Array }>(
    `select bytes from result_chunks
     where organization_id = ? and run_number = ? and position = ? and attempt = ? and number = ?`,
    [organizationId, runNumber, position, attempt, number],
  );
  return row?.bytes;
}

/** Deletes what attempts at a run left that no query has its result from. */
export async function deleteUnusedResults(
  store: Store,
  organizationId: number,
  runNumber: number,
): Promise<void> {
  for (const table of ['result_chunks', 'pictures']) {
    await store.run(
      `delete from ${table} where organization_id = ? and run_number = ? and not exists (
         select 1 from query_runs q
         where q.organization_id = ? and q.run_number = ${table}.run_number
           and q.position = ${table}.position and q.attempt = ${table}.attempt and q.state = 'succeeded'
       )`,
      [organizationId, runNumber, organizationId],
    );
  }
}

const RUNS_AT_ONCE = 20;

/**
 * Deletes the results of runs that ended before a time, a few runs in each transaction, so that writers need not wait;
 * answers of how many runs. What is known of the runs themselves stays.
 *
 * @param isStopped asked between two transactions.
 */
export async function expireResults(
  database: Database,
  organizationId: number,
  { before, now, isStopped }: { before: string; now: string; isStopped: () => boolean },
): Promise<number> {
  let expired = 0;
  while (!isStopped()) {
    const old = await database.all<{ number: number }>(
      `select number from runs
       where organization_id = ? and expired_at is null and ended_at is not null and ended_at < ?
       order by ended_at limit ?`,
      [organizationId, before, RUNS_AT_ONCE],
    );
    if (old.length === 0) break;
    await database.transaction(async (store) => {
      for (const { number } of old) {
        const key = [organizationId, number];
        await store.run(
          'delete from result_chunks where organization_id = ? and run_number = ?',
          key,
        );
        await store.run('delete from pictures where organization_id = ? and run_number = ?', key);
        await store.run(
          'update query_runs set preview = null where organization_id = ? and run_number = ?',
          key,
        );
        await store.run('update runs set expired_at = ? where organization_id = ? and number = ?', [
          now,
          ...key,
        ]);
      }
    });
    expired += old.length;
  }
  return expired;
}
