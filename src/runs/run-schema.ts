import { type Static, Type } from 'typebox';
import { Total } from '../charts/picture.ts';
import { ResultColumn, resultRows } from '../data-sources/result-column-schema.ts';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  integerOrNull,
  links,
  oneOf,
  open,
  orNull,
  textOrNull,
  time,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { FormFieldShape } from '../sql-templates/form-field-shape.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import { type QueryRun, type Run, shownState } from './run.ts';

const state = oneOf(
  ['enqueued', 'succeeded', 'failed', 'cancelled'],
  '`enqueued` until it has ended: `started_at` tells whether it has begun.',
);
const parameters = Type.Unsafe<Parameters>(
  Type.Record(Type.String(), Type.Unknown(), {
    description: 'The values that the queries get, by name.',
  }),
);

const columnsOf = (description: string) => Type.Array(ResultColumn, { description });

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
  _links: {
    self: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
    report: { href: '/api/acme/reports/bfe4fc361d9f' },
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
    created_at: time('When it was asked for.'),
    updated_at: time('When anything about it last changed.'),
    started_at: timeOrNull('When a worker began with it, the last time it was begun.'),
    completed_at: timeOrNull('When it ended.'),
    purge_started_at: timeOrNull('When its results were deleted.'),
    purge_completed_at: timeOrNull('The same.'),
    python_state: Type.Literal('none', { description: 'There are no notebooks here.' }),
    form_fields: Type.Array(FormFieldShape, {
      description: 'The forms of its queries, with the values of this run.',
    }),
    query_count: Type.Integer({ description: 'How many queries it has.' }),
    completed_query_count: Type.Integer({ description: 'How many of them have ended.' }),
    is_latest_report_run: Type.Boolean({ description: 'Whether no run of the report is newer.' }),
    is_latest_successful_report_run: Type.Boolean({
      description: 'Whether it succeeded, and no newer one did.',
    }),
    report_has_failures_since_last_success: Type.Boolean({
      description: 'Whether a run newer than the last one that succeeded has failed.',
    }),
    is_default_run: Type.Boolean({
      description:
        'Whether a schedule started it, or all its parameters have the defaults of the form. A report shows the last of these that succeeded.',
    }),
    executed_by_email: textOrNull('Address of the member who ran it, or whose schedule did.'),
    _links: links({
      self: Link('This run.'),
      report: Link('Its report.'),
      query_runs: Link('The runs of its queries.'),
      content: Link('Its result as CSV.'),
      clone: Link('Where to ask for a new run with the same parameters.'),
      executed_by: Type.Optional(Link('Who asked for it, or whose schedule did.')),
      report_schedule: Type.Optional(Link('The schedule that asked for it.')),
    }),
  },
  { $id: 'ReportRun', description: 'A run of a report.', examples: [runExample] },
);
export type ReportRun = Static<typeof ReportRun>;

const queryRunExample = {
  id: '9d8b7a6c5e4f',
  token: '9d8b7a6c5e4f',
  state: 'succeeded',
  raw_source: "select * from orders where region = '{{ region }}'",
  rendered_source: 'select * from orders where region = $1',
  statement_annotation: null,
  created_at: '2020-12-15T08:02:12.250Z',
  started_at: '2020-12-15T08:02:12.520Z',
  completed_at: '2020-12-15T08:02:12.990Z',
  data_source_token: '6f1a0c2b9d3e',
  query_token: '4b2c8e1f7a90',
  query_name: 'Orders',
  parameters: { region: 'north' },
  limit: false,
  row_count: 128,
  result_bytes: 2048,
  columns: [{ name: 'id', type: 'BIGINT' }],
  error_code: null,
  error_type: null,
  error_message: null,
  error_line: null,
  error_position: null,
  _links: {
    self: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/query_runs/9d8b7a6c5e4f' },
    report_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
    query: { href: '/api/acme/reports/bfe4fc361d9f/queries/4b2c8e1f7a90' },
    result: {
      href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/query_runs/9d8b7a6c5e4f/results',
    },
    content: {
      href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/query_runs/9d8b7a6c5e4f/results/content.csv',
    },
  },
};

/** The run of a query as the REST API shows it (HAL). */
export const QueryRunShown = closed(
  {
    id: Type.String({ description: 'The token.' }),
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    state,
    raw_source: Type.String({ description: 'The text of the query as it was.' }),
    rendered_source: textOrNull(
      'The SQL that its data source got, with a placeholder for each value.',
    ),
    statement_annotation: Type.Null({ description: 'Nothing is added to the SQL.' }),
    created_at: time('When the run was asked for.'),
    started_at: timeOrNull('When it began; null until it has ended.'),
    completed_at: timeOrNull('When it ended.'),
    data_source_token: textOrNull('The data source that it ran on.'),
    query_token: Type.String({ description: 'The query.' }),
    query_name: textOrNull('What the query was called.'),
    parameters,
    limit: Type.Boolean({ description: 'Whether rows were left away for the limits.' }),
    row_count: integerOrNull('How many rows the result has.'),
    result_bytes: integerOrNull('How many bytes the result takes where it is kept.'),
    columns: orNull(
      columnsOf('The columns.'),
      'Names and types of the columns; types are DuckDB’s.',
    ),
    error_code: textOrNull('A word for why there is no result.'),
    error_type: textOrNull('`generic` where there is an error.'),
    error_message: textOrNull('What the data source said.'),
    error_line: integerOrNull('Line of `rendered_source`, from 1, where the data source says it.'),
    error_position: integerOrNull('Character of that line, from 1.'),
    _links: links({
      self: Link('This.'),
      report_run: Link('The run that it is a part of.'),
      query: Link('The query.'),
      result: Link('The result; needs `/content.csv` or another format after it.'),
      content: Link('The result as CSV.'),
    }),
  },
  { $id: 'QueryRun', description: 'The run of a query.', examples: [queryRunExample] },
);

/** What a grid shows before anybody downloads anything. */
export const Preview = closed(
  {
    columns: columnsOf('Names and types of the columns.'),
    rows: resultRows(
      'The first rows, at most 1,000: a list for each, in the order of the columns.',
    ),
    row_count: Type.Integer({ description: 'How many rows the whole result has.' }),
    limit: Type.Boolean({ description: 'Whether rows were left away for the limits.' }),
  },
  {
    $id: 'Preview',
    description: 'The first rows of a result.',
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
    row_count: Type.Integer({ description: 'How many rows match the search and the filters.' }),
    total_count: Type.Integer({ description: 'How many rows the whole result has.' }),
    totals: Type.Optional(
      Type.Array(Total, {
        description: 'The requested totals of all rows that match; absent if none were requested.',
      }),
    ),
    offset: Type.Integer({ description: 'How many rows were skipped.' }),
    limit: Type.Integer({ description: 'How many rows were requested.' }),
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
export const QueryRuns = halList('query_runs', reference(QueryRunShown));
export type QueryRuns = Static<typeof QueryRuns>;

/** How a run is asked for. */
export const NewRun = open(
  closed(
    {
      parameters: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'Values by name; what is left out has the default of its form.',
        }),
      ),
    },
    {
      $id: 'NewRun',
      description: 'A run that is asked for.',
      examples: [{ parameters: { region: 'north' } }],
    },
  ),
);
export type NewRun = Static<typeof NewRun>;

export const runSchemas = [ReportRun, QueryRunShown, Preview, NewRun];

/** Where the runs of a report are. */
export const runsPath = ({ username }: Organization, reportToken: string): string =>
  `/api/${username}/reports/${encodeURIComponent(reportToken)}/runs`;

/** What is known of a run beside what it holds itself. */
export type RunSurroundings = {
  reportToken: string;
  queries: { total: number; ended: number };
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
    _links: {
      self: { href: self },
      report: { href: report },
      query_runs: { href: `${self}/query_runs` },
      content: { href: `${self}/results/content.csv` },
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

export function toQueryRun(
  organization: Organization,
  reportToken: string,
  run: Run,
  queryRun: QueryRun,
): Static<typeof QueryRunShown> {
  const { failure, result } = queryRun;
  const runs = runsPath(organization, reportToken);
  const self = `${runs}/${run.token}/query_runs/${queryRun.token}`;
  return {
    id: queryRun.token,
    token: queryRun.token,
    state: shownState(queryRun.state),
    raw_source: queryRun.rawSource,
    rendered_source: queryRun.renderedSource,
    statement_annotation: null,
    created_at: run.createdAt,
    started_at: queryRun.startedAt,
    completed_at: queryRun.endedAt,
    data_source_token: queryRun.dataSourceToken,
    query_token: queryRun.queryToken,
    query_name: queryRun.queryName,
    parameters: run.parameters,
    limit: result?.truncated ?? false,
    row_count: result?.rows ?? null,
    result_bytes: result?.bytes ?? null,
    columns: result?.columns ?? null,
    error_code: failure?.code ?? null,
    error_type: failure ? 'generic' : null,
    error_message: failure?.message ?? null,
    error_line: failure?.line ?? null,
    error_position: failure?.position ?? null,
    _links: {
      self: { href: self },
      report_run: { href: `${runs}/${run.token}` },
      query: {
        href: `${runs.slice(0, -'/runs'.length)}/queries/${encodeURIComponent(queryRun.queryToken)}`,
      },
      result: { href: `${self}/results` },
      content: { href: `${self}/results/content.csv` },
    },
  };
}
