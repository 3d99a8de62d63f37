import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { LastUses } from './access-tokens/last-uses.ts';
import { TokenHolders } from './access-tokens/token-holders.ts';
import { BackgroundWork } from './background-work.ts';
import { senderOf } from './callers/sent-credential.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { openPages } from './discovery/open-pages.ts';
import { beginHourlyWork } from './hourly-work.ts';
import { createHttpServer, readTls } from './http/create-http-server.ts';
import { limitRate, rateLimitOf } from './http/rate-limit.ts';
import { refuseChanges } from './http/store-refusal.ts';
import { type Identifiers, randomIdentifiers } from './identifiers.ts';
import { oidcOf } from './oidc/oidc-of-config.ts';
import { openRunner } from './open-runner.ts';
import { ReportSearch } from './report-index/report-search.ts';
import { addRoutes } from './routes.ts';
import { OpenResults } from './runs/open-results.ts';
import { removeMemberIn } from './schedules/remove-member.ts';
import { SessionHolders } from './sessions/session-holders.ts';
import { StorageHealth } from './storage-health.ts';
import { measureRequests } from './telemetry/measure-requests.ts';
import { observeStore } from './telemetry/observe-store.ts';
import { traceRequests } from './telemetry/tracing.ts';

type Outside = { clock: Clock; identifiers: Identifiers };

/** The whole server, put together; it listens once its `listen` is called. Closing it leaves the store open. */
export async function createServer(
  config: Config,
  store: Database,
  outside: Outside = { clock: systemClock, identifiers: randomIdentifiers },
): Promise<FastifyInstance> {
  const { clock } = outside;
  const { dataDir, publicUrl, sessionIdleDays: idleDays, metricsToken, readOnly } = config;
  const storage = new StorageHealth(store, dataDir);
  const note = (error: Error) => storage.note(error);
  const onFault = (error: Error, what: string, facts?: object) => {
    note(error);
    app.log.error({ ...facts, err: error }, what);
  };
  const log = () => app.log;
  const { metrics, tracer, database } = observeStore(store, storage, config);

  const background = new BackgroundWork(
    (error) => onFault(error, 'background writing failed'),
    readOnly !== undefined,
  );
  const authentication = {
    tokenHolders: new TokenHolders(database),
    sessionHolders: new SessionHolders({ database, clock, publicUrl, idleDays, background }),
    lastUses: new LastUses({ database, clock, background }),
    clock,
  };
  const runner = openRunner(config, { database, ...outside, metrics, log, onFault });
  const onServed = metrics.pageServed;
  const pages = await openPages(config, { database, authentication, clock, onServed, note });
  const reportSearch = new ReportSearch(database, join(dataDir, 'search'), { note });
  const parts = {
    ...outside,
    ...pages,
    ...runner,
    openResults: new OpenResults({ ...outside, ...runner, database }),
    database,
    authentication,
    background,
    reportSearch,
    metrics,
    metricsToken,
    storage,
    publicUrl,
    issuer: config.oidcIssuer,
    readOnly,
    oidc: await oidcOf(config),
    limits: { idleDays, days: config.sessionDays },
    linkHours: config.signInLinkHours,
    removeMemberIn,
    mostWaiting: config.waitingRuns,
    resultRows: config.resultRows,
    resultBytes: config.resultMegabytes * 1_000_000,
    memoryBytes: config.queryMemoryMegabytes * 1_000_000,
  };

  const limit = rateLimitOf(config, { callerOf: senderOf, clock });
  const app = await createHttpServer(
    { ...config, tls: readTls(config) },
    (server) => {
      if (tracer) traceRequests(server, tracer);
      if (limit) limitRate(server, limit);
      if (readOnly !== undefined) refuseChanges(server, readOnly);
      addRoutes(server, parts);
    },
    {
      observers: metricsToken ? [measureRequests(metrics)] : [],
      limit,
      onFailure: note,
      // Each request has a span of its own, which the framework's hooks begin.
      findAnswer: tracer ? undefined : (request) => pages.pageAnswers.ofCrawler(request),
    },
  );
  const { workEnded: onEnd } = metrics;
  const hourlyParts = { database, reportSearch, ...outside, log, onFault, onEnd };
  const endHourlyWork = beginHourlyWork(config, hourlyParts);
  storage.watch(app.log);
  runner.start();
  // Runs end while requests do.
  app.addHook('preClose', async () => void runner.stop());
  app.addHook('onClose', async () => {
    await endHourlyWork();
    await runner.close();
    await background.finish();
    await pages.close();
    await storage.close();
  });
  return app;
}
