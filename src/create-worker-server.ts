import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import type { FindFault } from './data-sources/equipment.ts';
import type { Database } from './database/database.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { addHealthRoutes } from './http/health-routes.ts';
import { countUnfinishedRuns } from './runs/run-queue-store.ts';
import type { StorageHealth } from './storage-health.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { addMetricsRoute } from './telemetry/metrics-route.ts';

/** What tells those who watch over a worker whether it is well and what it counts; it listens once its `listen` is called. */
export async function createWorkerServer(
  { logLevel, metricsToken }: Config,
  {
    database,
    metrics,
    storage,
    findFault,
  }: { database: Database; metrics: Metrics; storage: StorageHealth; findFault: FindFault },
): Promise<FastifyInstance> {
  metrics.watchStore(database, () => countUnfinishedRuns(database));
  metrics.watchStorage(storage);
  const plain = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  return createHttpServer({ logLevel, ...plain }, (server) => {
    addHealthRoutes(server, { database, storage, findFault });
    addMetricsRoute(server, { metrics, metricsToken });
    server.addHook('onClose', () => storage.close());
  });
}
