import type { Database } from '../database/database.ts';
import { measured } from '../database/measured.ts';
import { countUnfinishedRuns } from '../runs/run-queue-store.ts';
import { createMetrics, type StorageNow } from './metrics.ts';
import { findTracer, traced } from './tracing.ts';

/** The metrics and the tracer of a server, and its store observed by them. */
export function observeStore(
  store: Database,
  storage: StorageNow,
  { metricsToken }: { metricsToken: string | undefined },
) {
  const metrics = createMetrics();
  const tracer = findTracer();
  // The store as it is: reading the metrics is not measured.
  metrics.watchStore(store, () => countUnfinishedRuns(store));
  metrics.watchStorage(storage);
  // Without the token, nobody can read the metrics.
  const counted = metricsToken ? measured(store, metrics.storeObserver) : store;
  return { metrics, tracer, database: tracer ? traced(counted, tracer) : counted };
}
