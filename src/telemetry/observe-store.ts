import type { Database } from '../database/database.ts';
import { measured } from '../database/measured.ts';
import { countUnfinishedRuns } from '../runs/run-queue-store.ts';
import { createMetrics, type StorageNow } from './metrics.ts';
import { findTracer, traced } from './tracing.ts';

/** What a server counts and traces, and its store as it is observed by that. */
export function observeStore(
  store: Database,
  storage: StorageNow,
  { metricsToken }: { metricsToken: string | undefined },
) {
  const metrics = createMetrics();
  const tracer = findTracer();
  // What telling it takes is not told.
  metrics.watchStore(store, () => countUnfinishedRuns(store));
  metrics.watchStorage(storage);
  // What nobody may read is not counted.
  const counted = metricsToken ? measured(store, metrics.storeObserver) : store;
  return { metrics, tracer, database: tracer ? traced(counted, tracer) : counted };
}
