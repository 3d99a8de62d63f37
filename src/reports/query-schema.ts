import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  links,
  ofOtherServers,
  open,
  textOrNull,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Row } from '../inventory/lists.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { emptyFields, fieldsOf, queryFields } from './content/content.ts';
import { given, optional, shown } from './field-schemas.ts';
import { reportPath } from './report-schema.ts';

/** A query of a report as the REST API shows it. */
export const Query = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    ...shown.query,
    data_source_id: textOrNull('Number of its data source, as text.'),
    created_at: timeOrNull('Creation time; of an imported query that of its report.'),
    updated_at: timeOrNull('Time of the last change; of an imported query that of its report.'),
    chart_count: Type.Integer({ description: 'Number of its charts.' }),
    explorations_count: Type.Literal(0, ofOtherServers),
    report_imports_count: Type.Literal(0, ofOtherServers),
    last_run_id: textOrNull(
      'Token of its last query run (its number at Mode); null if it never ran.',
    ),
    dbt_metric_id: Type.Null(ofOtherServers),
    dbt_metric_token: Type.Null(ofOtherServers),
    mapping_id: Type.Null(ofOtherServers),
    _links: links({
      self: Link('This query.'),
      report: Link('Its report.'),
      charts: Link('Its charts.'),
      report_runs: Link('The runs of its report.'),
      query_runs: Link('Its own runs.'),
      creator: Type.Optional(Link('The member who created it. If unknown or removed, an admin.')),
      data_source: Type.Optional(Link('Its data source.')),
    }),
  },
  {
    $id: 'Query',
    description: 'A query of a report.',
    examples: [
      {
        token: 'a5f2cd4f3ad1',
        id: '1000000007',
        ...emptyFields(queryFields),
        name: 'Revenue by month',
        raw_query: 'select month, sum(amount) as revenue from orders group by month',
        data_source_id: '1000000001',
        data_source_token: 'c93d5b1a7e20',
        created_at: '2026-11-23T08:12:44.120Z',
        updated_at: '2026-11-23T08:20:01.004Z',
        chart_count: 1,
        explorations_count: 0,
        report_imports_count: 0,
        last_run_id: '9d8b7a6c5e4f',
        dbt_metric_id: null,
        dbt_metric_token: null,
        mapping_id: null,
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f/queries/a5f2cd4f3ad1' },
          report: { href: '/api/acme/reports/bfe4fc361d9f' },
          charts: { href: '/api/acme/reports/bfe4fc361d9f/queries/a5f2cd4f3ad1/charts' },
          report_runs: { href: '/api/acme/reports/bfe4fc361d9f/runs' },
          query_runs: { href: '/api/acme/reports/bfe4fc361d9f/queries/a5f2cd4f3ad1/runs' },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
          data_source: { href: '/api/acme/data_sources/c93d5b1a7e20' },
        },
      },
    ],
  },
);

const fields = {
  ...optional(given.query),
  data_source_id: Type.Optional(
    Type.Union(
      [
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        Type.String({ pattern: '^[0-9]{1,16}$' }),
        Type.Null(),
      ],
      { description: 'Number of the data source, instead of its token.' },
    ),
  ),
};

/** What is sent to make a query. */
export const NewQuery = open(
  closed(
    {
      query: closed(fields, { description: 'The query to create.' }),
    },
    {
      $id: 'NewQuery',
      description: 'A query to create.',
      examples: [
        {
          query: {
            name: 'Revenue by month',
            raw_query: 'select month, sum(amount) as revenue from orders group by month',
            data_source_token: 'c93d5b1a7e20',
          },
        },
      ],
    },
  ),
);

/** What is sent to change a query. */
export const QueryChange = open(
  closed(
    {
      query: closed(fields, { description: 'The changes.' }),
    },
    {
      $id: 'QueryChange',
      description: 'Changes to a query.',
      examples: [{ query: { raw_query: 'select count(*) as orders from orders' } }],
    },
  ),
);

export const Queries = halList('queries', reference(Query));
export type Queries = Static<typeof Queries>;
export const querySchemas = [Query, NewQuery, QueryChange];

/** What is told of a query beside its row. */
export type AboutQuery = {
  report: Row<'reports'>;
  createdAt: string | null;
  updatedAt: string | null;
  chartCount: number;
  /** Undefined where the data source is not one of this server. */
  dataSourceId: number | undefined;
  /** Token of its run in the last run of the report. */
  lastRun: string | null;
  /** Token of the membership of who made it, or stands in. */
  creator: string | undefined;
};

export function toQuery(
  organization: Organization,
  row: Row<'queries'>,
  about: AboutQuery,
): Static<typeof Query> {
  const report = reportPath(organization, about.report.token);
  const self = `${report}/queries/${encodeURIComponent(row.token)}`;
  const { dataSourceId } = about;
  const dataSource = `/api/${organization.username}/data_sources/${encodeURIComponent(row.data_source_token ?? '')}`;
  return {
    token: row.token,
    id: String(row.id),
    ...fieldsOf(queryFields, row),
    data_source_id: dataSourceId === undefined ? null : String(dataSourceId),
    created_at: about.createdAt ?? about.report.created_at,
    updated_at: about.updatedAt ?? about.report.edited_at ?? about.report.created_at,
    chart_count: about.chartCount,
    explorations_count: 0,
    report_imports_count: 0,
    last_run_id: about.lastRun,
    dbt_metric_id: null,
    dbt_metric_token: null,
    mapping_id: null,
    _links: {
      self: { href: self },
      report: { href: report },
      charts: { href: `${self}/charts` },
      report_runs: { href: `${report}/runs` },
      query_runs: { href: `${self}/runs` },
      ...(about.creator && { creator: { href: memberPath(organization, about.creator) } }),
      ...(dataSourceId !== undefined && { data_source: { href: dataSource } }),
    },
  };
}
