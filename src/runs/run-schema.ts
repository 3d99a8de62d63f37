import { type Static, Type } from 'typebox';
import { Total } from '../charts/picture.ts';
import { ResultColumn, resultRows } from '../data-sources/result-column-schema.ts';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  links,
  ofOtherServers,
  oneOf,
  open,
  textOrNull,
  time,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { FormFieldShape } from '../sql-templates/form-field-shape.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import { type Run, shownState } from './run.ts';

export const state = oneOf(
  ['enqueued', 'succeeded', 'failed', 'cancelled'],
  '`enqueued` until it has ended; `started_at` is set once it has started.',
);
export const parameters = Type.Unsafe<Parameters>(
  Type.Record(Type.String(), Type.Unknown(), {
    description: 'Values of parameters, by name.',
  }),
);

export const columnsOf = (description: string) => Type.Array(ResultColumn, { description });

const runExample = {
  token: '3ffcbb7b2c63',
  state: 'succeeded',
  parameters: { region: 'north' },
  created_at: '2020-12-15T08:02:12.250Z',
  updated_at: '2020-12-15T08:02:13.020Z',
  started_at: '2020-12-15T08:02:12.514Z',
  completed_at: '2020-12-15T08:02:13.020Z',
  purge_started_at: null,
  purge_completed_at: null,
  python_state: 'none',
  form_fields: [],
  query_count: 1,
  completed_query_count: 1,
  is_latest_report_run: true,
  is_latest_successful_report_run: true,
  report_has_failures_since_last_success: false,
  is_default_run: false,
  executed_by_email: 'ana@example.com',
  pusher_channel_name: null,
  _links: {
    self: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
    account: { href: '/api/acme' },
    report: { href: '/api/acme/reports/bfe4fc361d9f' },
    share: { href: '/acme/reports/bfe4fc361d9f?run=3ffcbb7b2c63' },
    query_runs: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/query_runs' },
    content: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/results/content.csv' },
    clone: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/clone' },
    executed_by: { href: '/api/acme/members/8d1f2b7c3a55' },
  },
};

/** A run as the REST API shows it (HAL). */
export const ReportRun = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    state,
    parameters,
    created_at: time('Creation time.'),
    updated_at: time('Time of the last change of any kind.'),
    started_at: timeOrNull('Start time; of the last attempt, if there were several.'),
    completed_at: timeOrNull('End time.'),
    purge_started_at: timeOrNull('Time when its results were deleted.'),
    purge_completed_at: timeOrNull('The same as `name`.'),
    python_state: Type.Literal('none', { description: 'Always none: there are no notebooks.' }),
    form_fields: Type.Array(FormFieldShape, {
      description: 'Forms of its queries, with the values of this run.',
    }),
    query_count: Type.Integer({ description: 'Number of its queries.' }),
    completed_query_count: Type.Integer({ description: 'Number of queries that have ended.' }),
    is_latest_report_run: Type.Boolean({ description: 'Whether no run of the report is newer.' }),
    is_latest_successful_report_run: Type.Boolean({
      description: 'Whether it succeeded, and no newer run did.',
    }),
    report_has_failures_since_last_success: Type.Boolean({
      description: 'Whether a run newer than the last successful one has failed.',
    }),
    is_default_run: Type.Boolean({
      description:
        'Whether a schedule started it, or all its parameters have the defaults of the form. A report shows the last successful one of these.',
    }),
    executed_by_email: textOrNull(
      'Email address of the member who started it, or of the owner of its schedule.',
    ),
    pusher_channel_name: Type.Null(ofOtherServers),
    _links: links({
      self: Link('This run.'),
      account: Link('The organization.'),
      report: Link('Its report.'),
      share: Link('The page of the report, for sharing.'),
      query_runs: Link('Its query runs.'),
      content: Type.Optional(Link('Its result as CSV; absent if there is none.')),
      clone: Link('Copies its report, by POST.'),
      executed_by: Type.Optional(Link('The member who started it, or the owner of its schedule.')),
      report_schedule: Type.Optional(Link('The schedule that started it.')),
    }),
  },
  { $id: 'ReportRun', description: 'A run of a report.', examples: [runExample] },
);
export type ReportRun = Static<typeof ReportRun>;

/** What a grid shows before anybody downloads anything. */
export const Preview = closed(
  {
    columns: columnsOf('Names and types of the columns.'),
    rows: resultRows('First rows, up to 1,000: a list for each, in the order of the columns.'),
    row_count: Type.Integer({ description: 'Number of rows of the whole result.' }),
    limit: Type.Boolean({ description: 'Whether the result was truncated at the limits.' }),
  },
  {
    $id: 'Preview',
    description: 'First rows of a result.',
    examples: [
      { columns: [{ name: 'id', type: 'BIGINT' }], rows: [[1], [2]], row_count: 2, limit: false },
    ],
  },
);
export type Preview = Static<typeof Preview>;

/** Rows of a result by range. */
export const Rows = closed(
  {
    columns: columnsOf('Names and types of the columns.'),
    rows: resultRows('A list for each row, in the order of the columns; values as in the preview.'),
    row_count: Type.Integer({
      description: 'Number of rows that match the search and the filters.',
    }),
    total_count: Type.Integer({ description: 'Number of rows of the whole result.' }),
    totals: Type.Optional(
      Type.Array(Total, {
        description: 'Requested totals of all matching rows; absent if none were requested.',
      }),
    ),
    offset: Type.Integer({ description: 'Number of skipped rows.' }),
    limit: Type.Integer({ description: 'Number of requested rows.' }),
  },
  {
    $id: 'Rows',
    description: 'Rows of a result.',
    examples: [
      {
        columns: [{ name: 'id', type: 'BIGINT' }],
        rows: [[901], [902]],
        row_count: 40_000,
        total_count: 1_000_000,
        offset: 900,
        limit: 2,
      },
    ],
  },
);
export type Rows = Static<typeof Rows>;

export const ReportRuns = halList('report_runs', reference(ReportRun));
export type ReportRuns = Static<typeof ReportRuns>;
/** How a run is asked for. */
export const NewRun = open(
  closed(
    {
      parameters: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'Values by name; missing ones have their defaults.',
        }),
      ),
    },
    {
      $id: 'NewRun',
      description: 'A run to create.',
      examples: [{ parameters: { region: 'north' } }],
    },
  ),
);
export type NewRun = Static<typeof NewRun>;

export const runSchemas = [ReportRun, Preview, NewRun];

/** Where the runs of a report are. */
export const runsPath = ({ username }: Organization, reportToken: string): string =>
  `/api/${username}/reports/${encodeURIComponent(reportToken)}/runs`;

/** The page of a report after a run. */
export function runWeb({ username }: Organization, report: string, run: string): string {
  return `/${username}/reports/${encodeURIComponent(report)}?run=${encodeURIComponent(run)}`;
}

/** What is known of a run beside what it holds itself. */
export type RunSurroundings = {
  reportToken: string;
  queries: { total: number; ended: number };
  /** Whether there are results, or can still be. */
  hasContent: boolean;
  isLatest: boolean;
  isLatestSuccessful: boolean;
  hasFailuresSince: boolean;
  /** The member who asked for it. */
  executedBy: { token: string; email: string | null } | undefined;
  scheduleToken: string | undefined;
};

export function toReportRun(
  organization: Organization,
  run: Run,
  around: RunSurroundings,
): ReportRun {
  const runs = runsPath(organization, around.reportToken);
  const report = runs.slice(0, -'/runs'.length);
  const self = `${runs}/${run.token}`;
  return {
    token: run.token,
    state: shownState(run.state),
    parameters: run.parameters,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    started_at: run.startedAt,
    completed_at: run.endedAt,
    purge_started_at: run.expiredAt,
    purge_completed_at: run.expiredAt,
    python_state: 'none',
    form_fields: run.formFields as FormFieldShape[],
    query_count: around.queries.total,
    completed_query_count: around.queries.ended,
    is_latest_report_run: around.isLatest,
    is_latest_successful_report_run: around.isLatestSuccessful,
    report_has_failures_since_last_success: around.hasFailuresSince,
    is_default_run: run.isDefault,
    executed_by_email: around.executedBy?.email ?? null,
    pusher_channel_name: null,
    _links: {
      self: { href: self },
      account: { href: `/api/${organization.username}` },
      report: { href: report },
      share: { href: runWeb(organization, around.reportToken, run.token) },
      query_runs: { href: `${self}/query_runs` },
      ...(around.hasContent && { content: { href: `${self}/results/content.csv` } }),
      clone: { href: `${self}/clone` },
      ...(around.executedBy === undefined
        ? {}
        : { executed_by: { href: memberPath(organization, around.executedBy.token) } }),
      ...(around.scheduleToken === undefined
        ? {}
        : { report_schedule: { href: `${report}/schedules/${around.scheduleToken}` } }),
    },
  };
}
