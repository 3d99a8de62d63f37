import type { FastifyInstance } from 'fastify';
import { addAccessTokenRoutes } from './access-tokens/access-token-routes.ts';
import { addSignatureTokenRoutes } from './access-tokens/signature-token-routes.ts';
import { addAuditLogRoutes } from './audit/audit-log-routes.ts';
import { addModeAuditLogRoutes } from './audit/mode-audit-log-routes.ts';
import { addDataSourceRoutes } from './data-sources/data-source-routes.ts';
import { addTryQueryRoutes } from './data-sources/try-query-routes.ts';
import { addUseDataSourceRoutes } from './data-sources/use-data-source-routes.ts';
import { addEmptyListRoutes } from './datasets/empty-list-routes.ts';
import { addChangeRoutes } from './discovery/change-routes.ts';
import { addListRoutes } from './discovery/list-routes.ts';
import { addEventRoutes } from './events/event-routes.ts';
import { addFavoriteRoutes } from './favorites/favorite-routes.ts';
import { addHealthRoutes } from './http/health-routes.ts';
import { addOpenApiRoute } from './http/openapi.ts';
import { addReferencePage } from './http/reference-page.ts';
import { addWebPages } from './http/web-pages.ts';
import { addApiKeyRoutes } from './members/api-key-routes.ts';
import { addChangeMemberRoutes } from './members/change-member-routes.ts';
import { addIdentityRoutes } from './members/identity-routes.ts';
import { addMemberRoutes } from './members/member-routes.ts';
import { addOidcRoutes } from './oidc/oidc-routes.ts';
import { addOrganizationRoutes } from './organizations/organization-routes.ts';
import { addSettingsRoutes } from './organizations/settings-routes.ts';
import { addBulkRoutes } from './reports/bulk-routes.ts';
import { addChartRoutes } from './reports/chart-routes.ts';
import { addContentRoutes } from './reports/content-routes.ts';
import { addDeletedReportRoutes } from './reports/deleted-report-routes.ts';
import { addDiscoveryRowRoutes } from './reports/discovery-row-routes.ts';
import { addDraftRoutes } from './reports/draft-routes.ts';
import { addQueryRoutes } from './reports/query-routes.ts';
import { addReportListRoutes } from './reports/report-list-routes.ts';
import { addReportRoutes } from './reports/report-routes.ts';
import { addUnpublishedReportRoutes } from './reports/unpublished-report-routes.ts';
import { addVersionRoutes } from './reports/version-routes.ts';
import { addRollCallRoutes } from './roll-call/roll-call-routes.ts';
import { addExportRoutes } from './runs/export-routes.ts';
import { addFormRoutes } from './runs/form-routes.ts';
import { addPictureRoutes } from './runs/picture-routes.ts';
import { addPivotRoutes } from './runs/pivot-routes.ts';
import { addQueryRunRoutes } from './runs/query-run-routes.ts';
import { addResultRoutes } from './runs/result-routes.ts';
import { addRowRoutes } from './runs/row-routes.ts';
import { addRunRoutes } from './runs/run-routes.ts';
import { addScheduleRoutes } from './schedules/schedule-routes.ts';
import { addScheduleRunRoutes } from './schedules/schedule-run-routes.ts';
import { addSearchRoutes } from './search/search-routes.ts';
import { addOwnSessionRoutes } from './sessions/own-session-routes.ts';
import { addSessionRoutes } from './sessions/session-routes.ts';
import { addSpaceRoutes } from './spaces/space-routes.ts';
import { addMetricsRoute } from './telemetry/metrics-route.ts';
import { addViewRoutes } from './views/view-routes.ts';

/** The routes of every subject, in the order in which the documentation of the API has them. A new one adds a line. */
const routes = [
  addListRoutes,
  addChangeRoutes,
  addSignatureTokenRoutes,
  addOrganizationRoutes,
  addMemberRoutes,
  addEmptyListRoutes,
  addSpaceRoutes,
  addDataSourceRoutes,
  addUseDataSourceRoutes,
  addTryQueryRoutes,
  addEventRoutes,
  addViewRoutes,
  addFavoriteRoutes,
  addDraftRoutes,
  addRollCallRoutes,
  addSettingsRoutes,
  addReportRoutes,
  addContentRoutes,
  addBulkRoutes,
  addDiscoveryRowRoutes,
  addReportListRoutes,
  addVersionRoutes,
  addDeletedReportRoutes,
  addUnpublishedReportRoutes,
  addQueryRoutes,
  addChartRoutes,
  addFormRoutes,
  addRunRoutes,
  addQueryRunRoutes,
  addPictureRoutes,
  addPivotRoutes,
  addResultRoutes,
  addExportRoutes,
  addRowRoutes,
  addSearchRoutes,
  addScheduleRoutes,
  addScheduleRunRoutes,
  addAccessTokenRoutes,
  addApiKeyRoutes,
  addChangeMemberRoutes,
  addIdentityRoutes,
  addAuditLogRoutes,
  addModeAuditLogRoutes,
  addSessionRoutes,
  addOwnSessionRoutes,
  addOidcRoutes,
  addOpenApiRoute,
  addReferencePage,
  addWebPages,
  addHealthRoutes,
  addMetricsRoute,
] as const;

/** What the routes are made of: everything that any of them wants. */
export type RouteParts = (typeof routes)[number] extends (
  app: FastifyInstance,
  parts: infer Parts,
) => void
  ? Parts
  : never;

export function addRoutes(app: FastifyInstance, parts: RouteParts): void {
  for (const add of routes) add(app, parts);
}
