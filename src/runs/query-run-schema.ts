import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  integerOrNull,
  links,
  ofOtherServers,
  orNull,
  textOrNull,
  time,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { type QueryRun, type Run, shownState } from './run.ts';
import { columnsOf, parameters, runsPath, runWeb, state } from './run-schema.ts';

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
  data_source_id: '1000000001',
  data_source_token: '6f1a0c2b9d3e',
  query_token: '4b2c8e1f7a90',
  query_name: 'Orders',
  query_created_at: '2020-05-04T20:17:57.253Z',
  dbt_metric_id: null,
  dbt_metric_token: null,
  parameters: { region: 'north' },
  limit: false,
  max_result_bytes: '256000000',
  help_url: null,
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
    result_web: { href: '/acme/reports/bfe4fc361d9f?run=3ffcbb7b2c63' },
    query_web: { href: '/acme/reports/bfe4fc361d9f/queries/4b2c8e1f7a90' },
    report_run_web: { href: '/acme/reports/bfe4fc361d9f?run=3ffcbb7b2c63' },
    executed_by: { href: '/api/acme/members/8d1f2b7c3a55' },
  },
};

/** What a query run and its result both tell of the result. */
const resultFields = {
  row_count: integerOrNull('Number of rows of the result.'),
  result_bytes: integerOrNull('Size of the stored result, in bytes.'),
  columns: orNull(
    columnsOf('The columns.'),
    'Names and types of the columns; the types are DuckDB’s.',
  ),
};

function toResultFields({ result }: QueryRun) {
  return {
    row_count: result?.rows ?? null,
    result_bytes: result?.bytes ?? null,
    columns: result?.columns ?? null,
  };
}

/** The run of a query as the REST API shows it (HAL). */
export const QueryRunShown = closed(
  {
    id: Type.String({ description: 'The token.' }),
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    state,
    raw_source: Type.String({ description: 'Text of the query at that time.' }),
    rendered_source: textOrNull(
      'SQL that its data source received, with a placeholder for each value.',
    ),
    statement_annotation: Type.Null({ description: 'Always null: nothing is added to the SQL.' }),
    created_at: time('Time when the run was created.'),
    started_at: timeOrNull('Start time; null until it has ended.'),
    completed_at: timeOrNull('End time.'),
    data_source_id: textOrNull('Number of the data source, as text; null if it was deleted.'),
    data_source_token: textOrNull('Data source that it ran on.'),
    query_token: Type.String({ description: 'The query.' }),
    query_name: textOrNull('Name of the query at that time.'),
    query_created_at: timeOrNull(
      'Creation time of the query; of an imported one that of its report.',
    ),
    dbt_metric_id: Type.Null(ofOtherServers),
    dbt_metric_token: Type.Null(ofOtherServers),
    parameters,
    limit: Type.Boolean({ description: 'Whether the result was truncated at the limits.' }),
    max_result_bytes: Type.String({ description: 'Maximum size of a result in bytes, as text.' }),
    help_url: Type.Null(ofOtherServers),
    ...resultFields,
    error_code: textOrNull('Reason of the failure, as a word.'),
    error_type: textOrNull('`generic` if there is an error.'),
    error_message: textOrNull('Message of the data source.'),
    error_line: integerOrNull('Line of `rendered_source`, from 1, if the data source reports it.'),
    error_position: integerOrNull('Character in that line, from 1.'),
    _links: links({
      self: Link('This.'),
      report_run: Link('Its run.'),
      query: Type.Optional(Link('The query; absent if it was deleted.')),
      result: Link('Formats of the result; with `/content.csv` appended, the result itself.'),
      content: Type.Optional(Link('The result as CSV; absent if there is none.')),
      result_web: Link('The page of the report with this run.'),
      query_web: Link('The page of the query.'),
      report_run_web: Link('The page of the report with this run.'),
      executed_by: Type.Optional(
        Link('The member who started the run, or the owner of its schedule.'),
      ),
    }),
  },
  { $id: 'QueryRun', description: 'Run of a query.', examples: [queryRunExample] },
);

export const QueryRuns = halList('query_runs', reference(QueryRunShown));
export type QueryRuns = Static<typeof QueryRuns>;

/** What is known of the query runs of one run beside what they hold themselves. */
export type QueryRunSurroundings = {
  reportToken: string;
  /** The numbers of the data sources that there are, by token. */
  dataSourceIds: ReadonlyMap<string, number>;
  /** When the queries that there are were made, by token. */
  queriesCreatedAt: ReadonlyMap<string, string | null>;
  /** Token of the membership of who asked for the run. */
  executedBy: string | undefined;
  resultBytes: number;
};

export function toQueryRun(
  organization: Organization,
  run: Run,
  queryRun: QueryRun,
  { reportToken, dataSourceIds, queriesCreatedAt, executedBy, resultBytes }: QueryRunSurroundings,
): Static<typeof QueryRunShown> {
  const { failure, result, queryToken } = queryRun;
  const runs = runsPath(organization, reportToken);
  const self = `${runs}/${run.token}/query_runs/${queryRun.token}`;
  const dataSourceId = dataSourceIds.get(queryRun.dataSourceToken ?? '');
  const web = `/${organization.username}/reports/${encodeURIComponent(reportToken)}`;
  const query = `queries/${encodeURIComponent(queryToken)}`;
  const runPage = { href: runWeb(organization, reportToken, run.token) };
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
    data_source_id: dataSourceId === undefined ? null : String(dataSourceId),
    data_source_token: queryRun.dataSourceToken,
    query_token: queryToken,
    query_name: queryRun.queryName,
    query_created_at: queriesCreatedAt.get(queryToken) ?? null,
    dbt_metric_id: null,
    dbt_metric_token: null,
    parameters: run.parameters,
    limit: result?.truncated ?? false,
    max_result_bytes: String(resultBytes),
    help_url: null,
    ...toResultFields(queryRun),
    error_code: failure?.code ?? null,
    error_type: failure ? 'generic' : null,
    error_message: failure?.message ?? null,
    error_line: failure?.line ?? null,
    error_position: failure?.position ?? null,
    _links: {
      self: { href: self },
      report_run: { href: `${runs}/${run.token}` },
      ...(queriesCreatedAt.has(queryToken) && {
        query: { href: `${runs.slice(0, -'/runs'.length)}/${query}` },
      }),
      result: { href: `${self}/results` },
      ...(hasResult(run, queryRun) && { content: { href: `${self}/results/content.csv` } }),
      result_web: runPage,
      query_web: { href: `${web}/${query}` },
      report_run_web: runPage,
      ...(executedBy !== undefined && {
        executed_by: { href: memberPath(organization, executedBy) },
      }),
    },
  };
}

/** Whether a query has a result that is still kept, or can have one yet. */
function hasResult(run: Run, { state, result }: QueryRun): boolean {
  return state === 'waiting' ? run.endedAt === null : result !== null && run.expiredAt === null;
}

/** The formats of a query's result as the REST API lists them (HAL). */
export const QueryResult = closed(
  {
    state,
    ...resultFields,
    _links: links({
      self: Link('This.'),
      query_run: Link('The query run.'),
      csv: Type.Optional(Link('The result as CSV; absent, like the others, if there is none.')),
      json: Type.Optional(Link('The result as JSON.')),
      ndjson: Type.Optional(Link('The result as NDJSON.')),
      parquet: Type.Optional(Link('The result as Parquet.')),
      preview: Type.Optional(Link('Its first rows.')),
    }),
  },
  {
    $id: 'QueryResult',
    description: 'Result of a query.',
    examples: [
      {
        state: 'succeeded',
        row_count: 128,
        result_bytes: 2048,
        columns: [{ name: 'id', type: 'BIGINT' }],
        _links: {
          self: queryRunExample._links.result,
          query_run: queryRunExample._links.self,
          csv: queryRunExample._links.content,
        },
      },
    ],
  },
);

export function toQueryResult(
  organization: Organization,
  reportToken: string,
  run: Run,
  queryRun: QueryRun,
): Static<typeof QueryResult> {
  const { result } = queryRun;
  const self = `${runsPath(organization, reportToken)}/${run.token}/query_runs/${queryRun.token}`;
  const as = (file: string) => ({ href: `${self}/results/${file}` });
  const isThere = result !== null && run.expiredAt === null;
  return {
    state: shownState(queryRun.state),
    ...toResultFields(queryRun),
    _links: {
      self: { href: `${self}/results` },
      query_run: { href: self },
      ...(isThere && {
        csv: as('content.csv'),
        json: as('content.json'),
        ndjson: as('content.ndjson'),
        parquet: as('content.parquet'),
        preview: as('preview.json'),
      }),
    },
  };
}

export const queryRunSchemas = [QueryRunShown, QueryResult];
