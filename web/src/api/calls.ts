import type {
  AccessTokens,
  CreatedAccessToken,
  NewAccessToken,
} from '../../../src/access-tokens/access-token-schema.ts';
import type { AuditLog } from '../../../src/audit/audit-log-schema.ts';
import type { Picture } from '../../../src/charts/picture.ts';
import type {
  DataSourceChange,
  NewDataSource,
} from '../../../src/data-sources/data-source-bodies.ts';
import type {
  DataSourceShown,
  DataSources,
  DataSourceTest,
  Tables,
} from '../../../src/data-sources/data-source-schema.ts';
import type {
  MadePictures,
  PicturesToMake,
  QueryToTry,
  TriedQueryShown,
} from '../../../src/data-sources/try-query-schema.ts';
import type { Favorite } from '../../../src/favorites/favorite-schema.ts';
import type { Row } from '../../../src/inventory/lists.ts';
import type { Identities } from '../../../src/members/identity-schema.ts';
import type {
  Invitation,
  MembershipChange,
  NewInvitation,
} from '../../../src/members/invitation-schema.ts';
import type {
  Member,
  Membership,
  Memberships,
  ShortMemberships,
} from '../../../src/members/member-schema.ts';
import type {
  OrganizationSettings,
  SettingsChange,
} from '../../../src/organizations/settings-schema.ts';
import type { ReadingReports } from '../../../src/report-index/answer-reading.ts';
import type { BulkChanges, BulkResults } from '../../../src/reports/bulk-schema.ts';
import type { Charts } from '../../../src/reports/chart-schema.ts';
import type { Content, ContentToPublish } from '../../../src/reports/content-schema.ts';
import type { DeletedReports } from '../../../src/reports/deleted-report-schema.ts';
import type {
  Draft,
  Drafters,
  DraftToSave,
  SavedDraft,
} from '../../../src/reports/draft-schema.ts';
import type { Queries } from '../../../src/reports/query-schema.ts';
import type { NewReport, Report, ReportChange } from '../../../src/reports/report-schema.ts';
import type {
  NewReportToPublish,
  NewUnpublishedReport,
  UnpublishedReport,
  UnpublishedReports,
  UnpublishedReportToSave,
  WholeUnpublishedReport,
} from '../../../src/reports/unpublished-report-schema.ts';
import type {
  Version,
  VersionChange,
  Versions,
  WholeVersion,
} from '../../../src/reports/version-schema.ts';
import type {
  RollCall,
  RollCallDays,
  RollCallReports,
} from '../../../src/roll-call/roll-call-schema.ts';
import type { ReportForm } from '../../../src/runs/form-schema.ts';
import type { QueryRuns } from '../../../src/runs/query-run-schema.ts';
import type { ChartsOfRun } from '../../../src/runs/run-chart-schema.ts';
import type { NewRun, Preview, ReportRun, ReportRuns, Rows } from '../../../src/runs/run-schema.ts';
import type {
  NewReportSchedule,
  ReportSchedule,
  ReportScheduleChange,
  ReportSchedules,
} from '../../../src/schedules/schedule-schema.ts';
import type { ListedReports } from '../../../src/search/listed-report-schema.ts';
import type {
  LinkSignIn,
  ListedSessions,
  PasswordChange,
  PasswordSignIn,
  SessionState,
} from '../../../src/sessions/session-schema.ts';
import type { NewSpace, Space, SpaceChange, Spaces } from '../../../src/spaces/space-schema.ts';

/**
 * What the pages call of the server, with the types of the schemas by which it checks and describes what is sent and
 * answered. A test holds this to the OpenAPI document.
 */
export type Calls = {
  'GET /api/session': { answer: SessionState };
  'POST /api/session': { body: PasswordSignIn; answer: SessionState };
  'DELETE /api/session': { answer: SessionState };
  'POST /api/session/link': { body: LinkSignIn; answer: SessionState };
  'POST /api/session/password': { body: PasswordChange; answer: SessionState };
  'GET /api/session/sessions': { answer: ListedSessions };
  'DELETE /api/session/sessions/:token': { answer: ListedSessions };

  'GET /api/:organization/settings': { answer: OrganizationSettings };
  'PATCH /api/:organization/settings': { body: SettingsChange; answer: OrganizationSettings };
  'GET /api/:organization/audit_log': { answer: AuditLog };
  'GET /api/:organization/members/:token': { answer: Member };
  'GET /api/:organization/memberships': { answer: Memberships };
  'GET /api/:organization/memberships/lite': { answer: ShortMemberships };
  'PATCH /api/:organization/memberships/:token': { body: MembershipChange; answer: Membership };
  'DELETE /api/:organization/memberships/:token': { answer: Membership };
  'POST /api/:organization/memberships/:token/sign_in_links': { answer: Invitation };
  'GET /api/:organization/identities': { answer: Identities };
  'DELETE /api/:organization/memberships/:token/identities': { answer: Membership };
  'POST /api/:organization/invitations': { body: NewInvitation; answer: Invitation };
  'GET /api/:organization/api_tokens': { answer: AccessTokens };
  'POST /api/:organization/api_tokens': { body: NewAccessToken; answer: CreatedAccessToken };
  'DELETE /api/:organization/api_tokens/:token': { answer: AccessTokens };
  'GET /api/:organization/signature_tokens': { answer: AccessTokens };
  'POST /api/:organization/signature_tokens': { body: NewAccessToken; answer: CreatedAccessToken };
  'DELETE /api/:organization/signature_tokens/:token': { answer: AccessTokens };

  'GET /api/:organization/spaces': { answer: Spaces };
  'POST /api/:organization/spaces': { body: NewSpace; answer: Space };
  'GET /api/:organization/spaces/:token': { answer: Space };
  'PATCH /api/:organization/spaces/:token': { body: SpaceChange; answer: Space };
  'DELETE /api/:organization/spaces/:token': { answer: Space };

  'GET /api/:organization/data_sources': { answer: DataSources };
  'POST /api/:organization/data_sources': { body: NewDataSource; answer: DataSourceShown };
  'PATCH /api/:organization/data_sources/:token': {
    body: DataSourceChange;
    answer: DataSourceShown;
  };
  'DELETE /api/:organization/data_sources/:token': { answer: undefined };
  'POST /api/:organization/data_sources/:token/test': { answer: DataSourceTest };
  'GET /api/:organization/data_sources/:token/tables': { answer: Tables };
  'POST /api/:organization/data_sources/:token/query': {
    body: QueryToTry;
    answer: TriedQueryShown;
  };
  'POST /api/:organization/data_sources/:token/query/pictures': {
    body: PicturesToMake;
    answer: MadePictures;
  };

  'GET /api/:organization/roll_call': { answer: RollCall | ReadingReports };
  'GET /api/:organization/roll_call/:list': { answer: RollCallReports | ReadingReports };
  'GET /api/:organization/roll_call/trend': { answer: RollCallDays };

  'GET /api/:organization/reports': { answer: ListedReports | ReadingReports };
  'POST /api/:organization/reports/bulk': { body: BulkChanges; answer: BulkResults };
  'GET /api/:organization/deleted_reports': { answer: DeletedReports };
  'GET /api/:organization/unpublished_reports': { answer: UnpublishedReports };
  'POST /api/:organization/unpublished_reports': {
    body: NewUnpublishedReport;
    answer: UnpublishedReport;
  };
  'GET /api/:organization/unpublished_reports/:token': { answer: WholeUnpublishedReport };
  'PUT /api/:organization/unpublished_reports/:token': {
    body: UnpublishedReportToSave;
    answer: UnpublishedReport;
  };
  'DELETE /api/:organization/unpublished_reports/:token': { answer: undefined };
  'POST /api/:organization/unpublished_reports/:token/publish': {
    body: NewReportToPublish;
    answer: Report;
  };
  'GET /api/:organization/reports/:token': { answer: Report };
  'PATCH /api/:organization/reports/:token': { body: ReportChange; answer: Report };
  'POST /api/:organization/reports/:token/duplicate': { body: NewReport; answer: Report };
  'PATCH /api/:organization/reports/:token/archive': { answer: Report };
  'PATCH /api/:organization/reports/:token/unarchive': { answer: Report };
  'GET /api/:organization/reports/:token/discovery_row': { answer: Row<'reports'> };
  'GET /api/:organization/reports/:token/favorite': { answer: Favorite };
  'PUT /api/:organization/reports/:token/favorite': { answer: Favorite };
  'DELETE /api/:organization/reports/:token/favorite': { answer: undefined };
  'POST /api/:organization/reports/:token/views': { answer: undefined };
  'GET /api/:organization/reports/:token/queries': { answer: Queries };
  'GET /api/:organization/reports/:token/queries/:query/charts': { answer: Charts };
  'GET /api/:organization/reports/:token/versions': { answer: Versions };
  'GET /api/:organization/reports/:token/versions/:version': { answer: WholeVersion };
  'PATCH /api/:organization/reports/:token/versions/:version': {
    body: VersionChange;
    answer: Version;
  };
  'POST /api/:organization/reports/:token/versions/:version/restore': { answer: Report };
  'GET /api/:organization/reports/:token/content': { answer: Content };
  'PUT /api/:organization/reports/:token/content': { body: ContentToPublish; answer: Content };
  'GET /api/:organization/reports/:token/draft': { answer: Draft };
  'PUT /api/:organization/reports/:token/draft': { body: DraftToSave; answer: SavedDraft };
  'DELETE /api/:organization/reports/:token/draft': { answer: undefined };
  'GET /api/:organization/reports/:token/drafts': { answer: Drafters };
  'GET /api/:organization/reports/:token/form': { answer: ReportForm };

  'GET /api/:organization/reports/:token/runs': { answer: ReportRuns };
  'POST /api/:organization/reports/:token/runs': { body: NewRun; answer: ReportRun };
  'GET /api/:organization/reports/:token/runs/:run': { answer: ReportRun };
  'POST /api/:organization/reports/:token/runs/:run/cancel': { answer: ReportRun };
  'GET /api/:organization/reports/:token/runs/:run/query_runs': { answer: QueryRuns };
  'GET /api/:organization/reports/:token/runs/:run/query_runs/:query_run/results/preview.json': {
    answer: Preview;
  };
  'GET /api/:organization/reports/:token/runs/:run/query_runs/:query_run/rows': { answer: Rows };
  'GET /api/:organization/reports/:token/runs/:run/charts': { answer: ChartsOfRun };
  'GET /api/:organization/reports/:token/runs/:run/charts/:chart/picture': { answer: Picture };
  'GET /api/:organization/reports/:token/runs/:run/charts/:chart/cells': { answer: Picture };

  'GET /api/:organization/schedules': { answer: ReportSchedules };
  'GET /api/:organization/reports/:token/schedules': { answer: ReportSchedules };
  'POST /api/:organization/reports/:token/schedules': {
    body: NewReportSchedule;
    answer: ReportSchedule;
  };
  'PATCH /api/:organization/reports/:token/schedules/:schedule': {
    body: ReportScheduleChange;
    answer: ReportSchedule;
  };
  'POST /api/:organization/reports/:token/schedules/:schedule/take_over': {
    answer: ReportSchedule;
  };
  'DELETE /api/:organization/reports/:token/schedules/:schedule': { answer: undefined };
};
