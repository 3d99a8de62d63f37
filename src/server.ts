import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addAccessTokenRoutes } from './access-tokens/access-token-routes.ts';
import { LastUses } from './access-tokens/last-uses.ts';
import { addSignatureTokenRoutes } from './access-tokens/signature-token-routes.ts';
import { TokenHolders } from './access-tokens/token-holders.ts';
import { addAuditLogRoutes } from './audit/audit-log-routes.ts';
import { BackgroundWork } from './background-work.ts';
import { senderOf } from './callers/sent-credential.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { addDataSourceRoutes } from './data-sources/data-source-routes.ts';
import { addTryQueryRoutes } from './data-sources/try-query-routes.ts';
import { addUseDataSourceRoutes } from './data-sources/use-data-source-routes.ts';
import type { Database } from './database/database.ts';
import { measured } from './database/measured.ts';
import { addEmptyListRoutes } from './datasets/empty-list-routes.ts';
import { AskedAgain } from './discovery/asked-again.ts';
import { addChangeRoutes } from './discovery/change-routes.ts';
import { Crawls } from './discovery/crawls.ts';
import { addListRoutes } from './discovery/list-routes.ts';
import { openCrawlStore } from './discovery/open-crawl-store.ts';
import { type GivenPage, PageAnswers } from './discovery/page-answers.ts';
import { PageCache } from './discovery/page-cache.ts';
import { Pages } from './discovery/pages.ts';
import { Projections } from './discovery/projections.ts';
import { doHourly } from './hourly.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { addHealthRoutes } from './http/health-routes.ts';
import type { HttpServer } from './http/http-server.ts';
import { addOpenApiRoute } from './http/openapi.ts';
import { limitRate, RateLimit } from './http/rate-limit.ts';
import { addReferencePages } from './http/reference-pages.ts';
import { addWebPages } from './http/web-pages.ts';
import { type Identifiers, randomIdentifiers } from './identifiers.ts';
import { addChangeMemberRoutes } from './members/change-member-routes.ts';
import { addMemberRoutes } from './members/member-routes.ts';
import { oidcOf } from './oidc/oidc-of-config.ts';
import { addOidcRoutes } from './oidc/oidc-routes.ts';
import { openRunner } from './open-runner.ts';
import { addOrganizationRoutes } from './organizations/organization-routes.ts';
import { purgeHourly } from './organizations/purge-removed.ts';
import { addSettingsRoutes } from './organizations/settings-routes.ts';
import { ReportSearch } from './report-index/report-search.ts';
import { addBulkRoutes } from './reports/bulk-routes.ts';
import { addChartRoutes } from './reports/chart-routes.ts';
import { addContentRoutes } from './reports/content-routes.ts';
import { addDiscoveryRowRoutes } from './reports/discovery-row-routes.ts';
import { addDraftRoutes } from './reports/draft-routes.ts';
import { addQueryRoutes } from './reports/query-routes.ts';
import { addReportListRoutes } from './reports/report-list-routes.ts';
import { addReportRoutes } from './reports/report-routes.ts';
import { addVersionRoutes } from './reports/version-routes.ts';
import { noteDays } from './roll-call/note-days.ts';
import { addRollCallRoutes } from './roll-call/roll-call-routes.ts';
import { expireRuns } from './runs/expire-runs.ts';
import { addQueryRunRoutes } from './runs/query-run-routes.ts';
import { addResultRoutes } from './runs/result-routes.ts';
import { countUnfinishedRuns } from './runs/run-queue-store.ts';
import { addRunRoutes } from './runs/run-routes.ts';
import { addScheduleRoutes } from './schedules/schedule-routes.ts';
import { addScheduleRunRoutes } from './schedules/schedule-run-routes.ts';
import { addSearchRoutes } from './search/search-routes.ts';
import { addOwnSessionRoutes } from './sessions/own-session-routes.ts';
import { SessionHolders } from './sessions/session-holders.ts';
import { addSessionRoutes } from './sessions/session-routes.ts';
import { addSpaceRoutes } from './spaces/space-routes.ts';
import { measureRequests } from './telemetry/measure-requests.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { addMetricsRoute } from './telemetry/metrics-route.ts';
import { findTracer, traced, traceRequests } from './telemetry/tracing.ts';
import { addViewRoutes } from './views/view-routes.ts';

type Outside = { clock: Clock; identifiers: Identifiers };

/** The whole server, put together; it listens once its `listen` is called. Closing it leaves the store open. */
export async function createServer(
  config: Config,
  store: Database,
  { clock, identifiers }: Outside = { clock: systemClock, identifiers: randomIdentifiers },
): Promise<HttpServer> {
  const { tlsCert, tlsKey, rateLimit, metricsToken } = config;
  const metrics = createMetrics();
  const tracer = findTracer();
  // What nobody may read is not counted.
  const counted = metricsToken ? measured(store, metrics.storeObserver) : store;
  const database = tracer ? traced(counted, tracer) : counted;
  const background = new BackgroundWork((error) =>
    app.log.error({ err: error }, 'writing in the background failed'),
  );
  const authentication = {
    tokenHolders: new TokenHolders(database),
    sessionHolders: new SessionHolders({
      database,
      clock,
      publicUrl: config.publicUrl,
      idleDays: config.sessionIdleDays,
      background,
    }),
    lastUses: new LastUses({ database, clock, background }),
    clock,
  };
  const oidc = await oidcOf(config);
  const sessionParts = {
    database,
    authentication,
    background,
    issuer: config.oidcIssuer,
    clock,
    identifiers,
    limits: { idleDays: config.sessionIdleDays, days: config.sessionDays },
  };
  const runner = openRunner(config, {
    database,
    clock,
    identifiers,
    metrics,
    onFault: (error, what) => app.log.error({ err: error }, what),
  });
  const { worker, connections, queryProcesses, folder } = runner;
  // What telling it takes is not told.
  metrics.watchRuns(() => countUnfinishedRuns(store));
  const projections = new Projections(database, join(config.dataDir, 'lists'));
  const reportSearch = new ReportSearch(database, join(config.dataDir, 'search'));
  const crawlStore = await openCrawlStore(config, database);
  const crawls = new Crawls(crawlStore, clock);
  const cache = new PageCache(config.cacheMegabytes * 1_000_000);
  const pages = new Pages({ projections, crawls, cache, onServed: metrics.pageServed });
  const askedAgain = new AskedAgain<GivenPage>([database, crawlStore], clock);
  const pageAnswers = new PageAnswers({ pages, authentication, askedAgain });
  const limit = rateLimit
    ? new RateLimit({ requestsPerMinute: rateLimit, callerOf: senderOf, clock })
    : undefined;
  const tls =
    tlsCert && tlsKey ? { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) } : undefined;

  const app = await createHttpServer(
    { ...config, publicUrl: config.publicUrl?.origin, tls },
    (server) => {
      if (tracer) traceRequests(server, tracer);
      if (limit) limitRate(server, limit);
      addListRoutes(server, { database, projections, pageAnswers, authentication });
      addChangeRoutes(server, { database, authentication });
      addSignatureTokenRoutes(server, { database, authentication, clock, identifiers });
      addOrganizationRoutes(server, { authentication });
      addMemberRoutes(server, { database, authentication });
      addEmptyListRoutes(server, { authentication });
      addSpaceRoutes(server, { database, authentication, clock, identifiers });
      addDataSourceRoutes(server, { database, authentication, ...connections, clock, identifiers });
      addUseDataSourceRoutes(server, { database, authentication, connections, queryProcesses });
      addTryQueryRoutes(server, {
        database,
        authentication,
        connections,
        queryProcesses,
        memoryBytes: config.queryMemoryMegabytes * 1_000_000,
        folder,
        clock,
        identifiers,
      });
      addViewRoutes(server, { database, authentication, clock });
      addDraftRoutes(server, { database, authentication, clock });
      addRollCallRoutes(server, { database, authentication, reportSearch, clock });
      addSettingsRoutes(server, { database, authentication, clock });
      addReportRoutes(server, { database, authentication, clock, identifiers });
      addContentRoutes(server, { database, authentication, clock, identifiers });
      addBulkRoutes(server, { database, authentication, clock, identifiers });
      addDiscoveryRowRoutes(server, { database, authentication });
      addReportListRoutes(server, { database, authentication, reportSearch });
      addVersionRoutes(server, { database, authentication, clock, identifiers });
      addQueryRoutes(server, { database, authentication, clock, identifiers });
      addChartRoutes(server, { database, authentication, clock, identifiers });
      addRunRoutes(server, {
        database,
        authentication,
        worker,
        clock,
        identifiers,
        mostWaiting: config.waitingRuns,
      });
      addQueryRunRoutes(server, { database, authentication });
      addResultRoutes(server, { database, authentication, queryProcesses, folder, identifiers });
      addSearchRoutes(server, { database, authentication, reportSearch });
      addScheduleRoutes(server, { database, authentication, clock, identifiers });
      addScheduleRunRoutes(server, { database, authentication });
      addAccessTokenRoutes(server, { database, authentication, clock, identifiers });
      addChangeMemberRoutes(server, {
        database,
        authentication,
        clock,
        identifiers,
        linkHours: config.signInLinkHours,
      });
      addAuditLogRoutes(server, { database, authentication });
      addSessionRoutes(server, sessionParts);
      addOwnSessionRoutes(server, sessionParts);
      if (oidc) addOidcRoutes(server, { ...sessionParts, ...oidc });
      addOpenApiRoute(server);
      addReferencePages(server, config.publicUrl?.origin);
      addWebPages(server);
      addHealthRoutes(server, database);
      if (metricsToken) addMetricsRoute(server, metrics, metricsToken);
    },
    {
      observers: metricsToken ? [measureRequests(metrics)] : [],
      limit,
      // Each request has a span of its own, which the framework's hooks begin.
      findAnswer: tracer ? undefined : (request) => pageAnswers.ofCrawler(request),
    },
  );
  const stopPurging = purgeHourly({ database, clock, keepDays: config.keepChangesDays }, (error) =>
    app.log.error({ err: error }, 'purging failed'),
  );
  const stopNotingDays = doHourly(
    (isStopped) => noteDays({ database, reportSearch, clock }, isStopped),
    (error) => app.log.error({ err: error }, 'calling the roll failed'),
  );
  const { keepResultsDays, keepRunsDays } = config;
  const stopExpiring = doHourly(
    (isStopped) => expireRuns({ database, clock, keepResultsDays, keepRunsDays }, isStopped),
    (error) => app.log.error({ err: error }, 'deleting old runs failed'),
  );
  runner.start();
  // Runs end while requests do.
  app.addHook('preClose', async () => void runner.stop());
  app.addHook('onClose', async () => {
    await stopPurging();
    // It may be waiting for a file that takes minutes to make.
    const daysNoted = stopNotingDays();
    await reportSearch.close();
    await daysNoted;
    await stopExpiring();
    await runner.close();
    await background.finish();
    projections.close();
    await crawlStore.close();
  });
  return app;
}
