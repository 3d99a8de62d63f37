import { createReadStream } from 'node:fs';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { CHUNK_BYTES, insertChunks } from './result-store.ts';
import { retryUntilStoreIsUp } from './retry-until-store-is-up.ts';
import { type ClaimedRun, requireLease } from './run-queue.ts';

/** How many parts go into the store in one transaction: other writers wait for no more than these. */
const CHUNKS_AT_ONCE = 8;

/**
 * Brings the file with a query's result into the store.
 *
 * @throws RunLostError where somebody else has the run by now; what was brought until then is never shown.
 */
export async function storeResultFile(
  { database, clock }: { database: Database; clock: Clock },
  { organization, lease }: ClaimedRun,
  position: number,
  { file, signal }: { file: string; signal: AbortSignal },
): Promise<void> {
  let first = 0;
  let chunks: Uint8Array[] = [];
  const store = async () => {
    const part = { position, first, chunks };
    await retryUntilStoreIsUp(
      () =>
        database.transaction(async (store) => {
          await requireLease(store, organization.id, lease, clock);
          await insertChunks(store, organization.id, lease, part);
        }),
      signal,
    );
    first += chunks.length;
    chunks = [];
  };
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    chunks.push(chunk);
    if (chunks.length === CHUNKS_AT_ONCE) await store();
  }
  if (chunks.length > 0) await store();
}
