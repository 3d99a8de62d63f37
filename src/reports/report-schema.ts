import { type Static, type TUnsafe, Type } from 'typebox';
import { halList, Link, TemplatedLink } from '../http/hal.ts';
import {
  closed,
  links,
  ofOtherServers,
  open,
  orNull,
  textOrNull,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Row } from '../inventory/lists.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH, shortened } from '../text.ts';
import { emptyFields, fieldsOf, reportFields } from './content/content.ts';
import { given, optional, shown } from './field-schemas.ts';
import { MOST_QUERIES } from './report-limits.ts';

const count = (description: string) => Type.Integer({ description });

/** What reports of other servers have, and none has here. */
const ofOthers = {
  published_at: null,
  theme_id: null,
  layout: null,
  last_successful_sync_at: null,
  github_link: null,
  web_preview_image: null,
  public: false,
  full_width: false,
  manual_run_disabled: false,
  run_privately: false,
  drilldowns_enabled: false,
  is_embedded: false,
  is_signed: false,
  drill_anywhere_enabled: false,
  thoughtspot_published_at: null,
} as const;

const ofOthersSchema = Object.fromEntries(
  Object.entries(ofOthers).map(([name, value]) => {
    return [name, value === null ? Type.Null(ofOtherServers) : Type.Literal(value, ofOtherServers)];
  }),
) as unknown as { [Name in keyof typeof ofOthers]: TUnsafe<(typeof ofOthers)[Name]> };

/** A report as the REST API shows it (HAL). Numbers of things are text there, as real servers send them. */
export const Report = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    ...shown.report,
    type: Type.Literal('Report', { description: 'Kind of resource.' }),
    created_at: timeOrNull('Creation time.'),
    updated_at: timeOrNull('Time of the last change of any kind.'),
    edited_at: timeOrNull('Time of the last edit of its name, description, queries or charts.'),
    last_saved_at: timeOrNull('Time of the last edit or, before the first one, of the creation.'),
    last_run_at: timeOrNull('Start of the last run.'),
    last_run_state: textOrNull('State of the last run, such as succeeded or failed.'),
    last_successfully_run_at: timeOrNull('End of the last successful run.'),
    last_successful_run_token: textOrNull('Token of its last successful run; null if unknown.'),
    expected_runtime: orNull(
      Type.Number({ minimum: 0 }),
      'Duration of its last successful run, in seconds; null if unknown.',
    ),
    query_preview: textOrNull('Beginning of the SQL of its first query; null without one.'),
    archived: Type.Boolean({ description: 'Whether it is archived.' }),
    archived_reason: orNull(
      Type.Literal('missing_at_source'),
      'Why an import archived it: its source no longer has it. Null if a person archived it, and if it is not archived.',
    ),
    space_token: textOrNull('Token of its space.'),
    shared: Type.Boolean({ description: 'Whether its space is shared.' }),
    account_id: Type.String({ description: 'Number of the organization, as text.' }),
    account_username: Type.String({ description: 'Username of the organization.' }),
    query_count: count('Number of its queries.'),
    max_query_count: Type.Literal(MOST_QUERIES, { description: 'Maximum number of queries.' }),
    chart_count: count('Number of its charts.'),
    runs_count: count('Number of its runs.'),
    schedules_count: count('Number of its active schedules.'),
    view_count: count('Number of views, once per person and visit.'),
    color_mappings: Type.Object({}, ofOtherServers),
    imported_datasets: Type.Array(Type.Object({}), {
      maxItems: 0,
      description: 'Always empty: there are no datasets.',
    }),
    ...ofOthersSchema,
    _links: links({
      self: Link('This report.'),
      account: Link('Its organization.'),
      creator: Type.Optional(Link('The member who created it; absent if unknown or removed.')),
      space: Type.Optional(Link('Its space.')),
      queries: Link('Its queries.'),
      report_run: TemplatedLink('A run of it.'),
      report_pins: Link('An empty list.'),
      report_filters: Link('An empty list.'),
      report_subscriptions: Link('An empty list.'),
      versions: Link('Its versions.'),
      report_runs: Link('Its runs.'),
      last_run: Type.Optional(Link('Its last run; absent if unknown.')),
      last_successful_run: Type.Optional(Link('Its last successful run; absent if unknown.')),
      csv_export: Type.Optional(
        Link('The results of its last successful run as CSV; absent if there are none.'),
      ),
      report_schedules: Link('Its schedules.'),
      web: Link('Its page.'),
      web_edit: Link('Its page in the editor.'),
      web_report_runs: Link('Its page, which includes its runs.'),
      share: Link('Its page, for sharing.'),
    }),
  },
  {
    $id: 'Report',
    description: 'A report.',
    examples: [
      {
        token: 'bfe4fc361d9f',
        id: '5412',
        ...emptyFields(reportFields),
        name: 'Weekly revenue',
        type: 'Report',
        created_at: '2020-05-04T20:17:57.253Z',
        updated_at: '2020-05-04T20:17:57.253Z',
        edited_at: '2020-12-04T20:17:57.253Z',
        last_saved_at: '2020-12-04T20:17:57.253Z',
        last_run_at: '2020-12-15T08:02:12.514Z',
        last_run_state: 'failed',
        last_successfully_run_at: '2020-12-14T20:17:57.253Z',
        last_successful_run_token: '8b1c6d0e4f27',
        expected_runtime: 1.631,
        query_preview: 'select month, sum(amount) as revenue from orders group by month',
        archived: false,
        archived_reason: null,
        space_token: 'acd5fc167d0g',
        shared: true,
        account_id: '4',
        account_username: 'acme',
        query_count: 2,
        max_query_count: MOST_QUERIES,
        chart_count: 3,
        runs_count: 41,
        schedules_count: 1,
        view_count: 212,
        color_mappings: {},
        imported_datasets: [],
        ...ofOthers,
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f' },
          account: { href: '/api/acme' },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
          space: { href: '/api/acme/spaces/acd5fc167d0g' },
          queries: { href: '/api/acme/reports/bfe4fc361d9f/queries' },
          report_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/{id}', templated: true },
          report_pins: { href: '/api/acme/reports/bfe4fc361d9f/pins' },
          report_filters: { href: '/api/acme/reports/bfe4fc361d9f/filters' },
          report_subscriptions: { href: '/api/acme/reports/bfe4fc361d9f/subscriptions' },
          versions: { href: '/api/acme/reports/bfe4fc361d9f/versions' },
          report_runs: { href: '/api/acme/reports/bfe4fc361d9f/runs' },
          last_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
          last_successful_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/8b1c6d0e4f27' },
          csv_export: { href: '/api/acme/reports/bfe4fc361d9f/results/content.csv' },
          report_schedules: { href: '/api/acme/reports/bfe4fc361d9f/schedules' },
          web: { href: '/acme/reports/bfe4fc361d9f' },
          web_edit: { href: '/acme/reports/bfe4fc361d9f/edit' },
          web_report_runs: { href: '/acme/reports/bfe4fc361d9f' },
          share: { href: '/acme/reports/bfe4fc361d9f' },
        },
      },
    ],
  },
);
export type Report = Static<typeof Report>;

const spaceToken = (what: string) => textOrNull(what, { maxLength: MAX_LENGTH.name });

const fields = optional(given.report);

const newReportFields = {
  ...fields,
  space_token: Type.Optional(spaceToken('Token of its space; by default your personal space.')),
};

/** What is sent to make a report: nothing, or what is known of it already. */
export const NewReport = open(
  closed(
    {
      report: Type.Optional(closed(newReportFields, { description: 'The report to create.' })),
    },
    {
      $id: 'NewReport',
      description: 'A report to create.',
      examples: [{ report: { name: 'Weekly revenue', space_token: 'acd5fc167d0g' } }],
    },
  ),
);
export type NewReport = Static<typeof NewReport>;

/** What is sent to make a report in a space. */
export const NewReportInSpace = open(
  closed(
    {
      report: Type.Optional(closed(fields, { description: 'The report to create.' })),
    },
    {
      $id: 'NewReportInSpace',
      description: 'A report to create in the space of the path.',
      examples: [{ report: { name: 'Weekly revenue' } }],
    },
  ),
);

/** What is sent to change a report. */
export const ReportChange = open(
  closed(
    {
      report: closed(
        { ...fields, space_token: Type.Optional(spaceToken('Token of the new space.')) },
        { description: 'The changes.' },
      ),
    },
    {
      $id: 'ReportChange',
      description: 'Changes to a report.',
      examples: [{ report: { description: 'By region, in euros.' } }],
    },
  ),
);
export type ReportChange = Static<typeof ReportChange>;

export const Reports = halList('reports', reference(Report));
export const reportSchemas = [Report, NewReport, NewReportInSpace, ReportChange];

/** What is told of a report beside its row. */
export type AboutReport = {
  archived: boolean;
  /** Whether it is its source's still, and not of this server. */
  imported: boolean;
  shared: boolean;
  stats: Row<'report_stats'> | undefined;
  queryCount: number;
  chartCount: number;
  runsCount: number;
  /** Of its first query; null without one. */
  sql: string | null;
  runs: KnownRuns;
  /** Token of the membership of who made it. */
  creator: string | undefined;
};

/** What is known of a report's last runs, be they of this server or of the source. */
export type KnownRuns = {
  lastToken: string | undefined;
  lastSuccessToken: string | undefined;
  expectedSeconds: number | null;
  hasResults: boolean;
};

/** How much Mode shows of a query. */
const PREVIEW_LENGTH = 130;

/** The report behind a row. A link is there only where there is something to link to. */
export function toReport(
  organization: Organization,
  row: Row<'reports'>,
  about: AboutReport,
): Report {
  const account = `/api/${organization.username}`;
  const self = reportPath(organization, row.token);
  const web = { href: `/${organization.username}/reports/${encodeURIComponent(row.token)}` };
  const { runs } = about;
  const runLink = (token: string) => ({ href: `${self}/runs/${encodeURIComponent(token)}` });
  return {
    token: row.token,
    id: String(row.id),
    ...fieldsOf(reportFields, row),
    type: 'Report',
    created_at: row.created_at,
    updated_at: row.updated_at,
    edited_at: row.edited_at,
    last_saved_at: row.edited_at ?? row.created_at,
    last_run_at: row.last_run_at,
    last_run_state: row.last_run_state,
    last_successfully_run_at: row.last_successfully_run_at,
    last_successful_run_token: runs.lastSuccessToken ?? null,
    expected_runtime: runs.expectedSeconds,
    query_preview: about.sql && shortened(about.sql, PREVIEW_LENGTH),
    archived: about.archived,
    // What a person archives belongs to this server from then on.
    archived_reason: about.archived && about.imported ? 'missing_at_source' : null,
    space_token: row.space_token,
    shared: about.shared,
    account_id: String(organization.id),
    account_username: organization.username,
    query_count: about.queryCount,
    max_query_count: MOST_QUERIES,
    chart_count: about.chartCount,
    runs_count: about.runsCount,
    schedules_count: about.stats?.active_schedules_count ?? 0,
    view_count: about.stats?.view_count ?? 0,
    color_mappings: {},
    imported_datasets: [],
    ...ofOthers,
    _links: {
      self: { href: self },
      account: { href: account },
      ...(about.creator && { creator: { href: memberPath(organization, about.creator) } }),
      ...(row.space_token !== null && {
        space: { href: `${account}/spaces/${encodeURIComponent(row.space_token)}` },
      }),
      queries: { href: `${self}/queries` },
      report_run: { href: `${self}/runs/{id}`, templated: true },
      report_pins: { href: `${self}/pins` },
      report_filters: { href: `${self}/filters` },
      report_subscriptions: { href: `${self}/subscriptions` },
      versions: { href: `${self}/versions` },
      report_runs: { href: `${self}/runs` },
      ...(runs.lastToken !== undefined && { last_run: runLink(runs.lastToken) }),
      ...(runs.lastSuccessToken !== undefined && {
        last_successful_run: runLink(runs.lastSuccessToken),
      }),
      ...(runs.hasResults && { csv_export: { href: `${self}/results/content.csv` } }),
      report_schedules: { href: `${self}/schedules` },
      web,
      web_edit: { href: `${web.href}/edit` },
      web_report_runs: web,
      share: web,
    },
  };
}

/** Where a report is found. */
export function reportPath({ username }: Organization, token: string): string {
  return `/api/${username}/reports/${encodeURIComponent(token)}`;
}
