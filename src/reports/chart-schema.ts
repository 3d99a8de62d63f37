import { type Static, Type } from 'typebox';
import { ChartSpec } from '../charts/chart-spec.ts';
import { chartTypes } from '../charts/chart-types.ts';
import { toVegasView, VegasView } from '../charts/vegas-view.ts';
import { halList, Link, TemplatedLink } from '../http/hal.ts';
import { closed, links, ofOtherServers, open, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Row } from '../inventory/lists.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { chartFields, emptyFields, fieldsOf } from './content/content.ts';
import { given, optional, shown } from './field-schemas.ts';
import { reportPath } from './report-schema.ts';

/** A chart as the REST API shows it. */
export const Chart = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    ...shown.chart,
    query_token: Type.String({ description: 'Token of its query.' }),
    created_at: timeOrNull('Creation time; of an imported chart that of its report.'),
    updated_at: timeOrNull('Time of the last change; of an imported chart that of its report.'),
    view: closed({}, { description: 'Always empty, as at Mode.' }),
    view_version: Type.Literal(2, { description: 'Always null: see `view_vegas`.' }),
    view_vegas: VegasView,
    color_palette_token: Type.Null(ofOtherServers),
    switch_view_token: Type.Null(ofOtherServers),
    _links: links({
      self: Link('This chart.'),
      query: Link('Its query.'),
      report: Link('Its report.'),
      report_viz_web: Link('The page of its report.'),
      report_run_viz_web: TemplatedLink('The page of its report with a run.'),
      preview: TemplatedLink('Its picture of a run.'),
      creator: Type.Optional(Link('The member who created it; absent if unknown or removed.')),
    }),
  },
  {
    $id: 'Chart',
    description: 'A chart.',
    examples: [
      {
        token: '77d0ba2d9c5e',
        id: '1000000009',
        ...emptyFields(chartFields),
        chart_type: 'line',
        chart_title: 'Revenue, month by month',
        spec: { x: 'month', y: ['revenue'], series: 'region' },
        query_token: 'a5f2cd4f3ad1',
        created_at: '2026-11-23T08:12:44.120Z',
        updated_at: '2026-11-23T08:20:01.004Z',
        view: {},
        view_version: 2,
        view_vegas: toVegasView({
          type: 'line',
          title: 'Revenue, month by month',
          spec: { x: 'month', y: ['revenue'], series: 'region' },
        }),
        color_palette_token: null,
        switch_view_token: null,
        _links: {
          self: {
            href: '/api/acme/reports/bfe4fc361d9f/queries/a5f2cd4f3ad1/charts/77d0ba2d9c5e',
          },
          query: { href: '/api/acme/reports/bfe4fc361d9f/queries/a5f2cd4f3ad1' },
          report: { href: '/api/acme/reports/bfe4fc361d9f' },
          report_viz_web: { href: '/acme/reports/bfe4fc361d9f' },
          report_run_viz_web: {
            href: '/acme/reports/bfe4fc361d9f?run={token}',
            templated: true,
          },
          preview: {
            href: '/api/acme/reports/bfe4fc361d9f/runs/{token}/charts/77d0ba2d9c5e/picture',
            templated: true,
          },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
        },
      },
    ],
  },
);

const chartType = Type.Union(
  chartTypes.map((type) => Type.Literal(type)),
  { description: 'Chart type.' },
);
const fields = optional(given.chart);

/** What is sent to make a chart. */
export const NewChart = open(
  closed(
    {
      chart: closed({ ...fields, chart_type: chartType }, { description: 'The chart to create.' }),
    },
    {
      $id: 'NewChart',
      description: 'A chart to create.',
      examples: [
        {
          chart: {
            chart_type: 'line',
            chart_title: 'Revenue, month by month',
            spec: { x: 'month', y: ['revenue'], series: 'region' },
          },
        },
      ],
    },
  ),
);

/** What is sent to change a chart. */
export const ChartChange = open(
  closed(
    {
      chart: closed(fields, { description: 'The changes.' }),
    },
    {
      $id: 'ChartChange',
      description: 'Changes to a chart.',
      examples: [{ chart: { chart_type: 'bar' } }],
    },
  ),
);

export const Charts = halList('charts', reference(Chart));
export type Charts = Static<typeof Charts>;
export const chartSchemas = [ChartSpec, Chart, NewChart, ChartChange];

/** What is told of a chart beside its row. */
export type AboutChart = {
  report: Row<'reports'>;
  queryToken: string;
  spec: ChartSpec | null;
  createdAt: string | null;
  updatedAt: string | null;
  /** Token of the membership of who made it. */
  creator: string | undefined;
};

export function toChart(
  organization: Organization,
  row: Row<'charts'>,
  { report, queryToken, spec, ...about }: AboutChart,
): Static<typeof Chart> {
  const reportHref = reportPath(organization, report.token);
  const query = `${reportHref}/queries/${encodeURIComponent(queryToken)}`;
  const web = `/${organization.username}/reports/${encodeURIComponent(report.token)}`;
  return {
    token: row.token,
    id: String(row.id),
    ...fieldsOf(chartFields, { ...row, spec }),
    query_token: queryToken,
    created_at: about.createdAt ?? report.created_at,
    updated_at: about.updatedAt ?? report.edited_at ?? report.created_at,
    view: {},
    view_version: 2,
    view_vegas: toVegasView({ type: row.chart_type, title: row.chart_title, spec }),
    color_palette_token: null,
    switch_view_token: null,
    _links: {
      self: { href: `${query}/charts/${encodeURIComponent(row.token)}` },
      query: { href: query },
      report: { href: reportHref },
      report_viz_web: { href: web },
      report_run_viz_web: { href: `${web}?run={token}`, templated: true },
      preview: {
        href: `${reportHref}/runs/{token}/charts/${encodeURIComponent(row.token)}/picture`,
        templated: true,
      },
      ...(about.creator && { creator: { href: memberPath(organization, about.creator) } }),
    },
  };
}
