import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';
import {
  chartFields,
  emptyFields,
  fieldsOf,
  queryFields,
  reportFields,
} from './content/content.ts';
import { given, optional, shown } from './field-schemas.ts';
import type { ReportContent } from './report-content.ts';
import { reportPath } from './report-schema.ts';

const token = (what: string) => Type.String({ description: `Token of the ${what}.` });
const newOr = (what: string) =>
  Type.Optional(
    Type.String({
      maxLength: MAX_LENGTH.name,
      description: `Token of the ${what}; omit it for a new one.`,
    }),
  );

const exampleQuery = {
  ...emptyFields(queryFields),
  name: 'Revenue by month',
  raw_query: 'select month, sum(amount) as revenue from orders group by month',
  data_source_token: 'c93d5b1a7e20',
};
const exampleChart = {
  ...emptyFields(chartFields),
  chart_type: 'line',
  chart_title: 'Revenue, month by month',
  spec: { x: 'month', y: ['revenue'] },
};

/** All that people edit of a report. */
export const Content = closed(
  {
    version: Type.Integer({
      description: 'Number of the last version; 0 for a report that was never edited here.',
    }),
    ...shown.report,
    queries: Type.Array(
      closed({
        token: token('query'),
        ...shown.query,
        charts: Type.Array(closed({ token: token('chart'), ...shown.chart }), {
          description: 'Charts of the query.',
        }),
      }),
      { description: 'Queries, in their order.' },
    ),
    _links: links({ self: Link('This content.'), report: Link('The report.') }),
  },
  {
    $id: 'Content',
    description: 'Everything that people edit of a report.',
    examples: [
      {
        version: 3,
        ...emptyFields(reportFields),
        name: 'Weekly revenue',
        queries: [
          {
            token: 'a5f2cd4f3ad1',
            ...exampleQuery,
            charts: [{ token: '77d0ba2d9c5e', ...exampleChart }],
          },
        ],
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f/content' },
          report: { href: '/api/acme/reports/bfe4fc361d9f' },
        },
      },
    ],
  },
);
export type Content = Static<typeof Content>;

/** All that a report is to be. */
export const ContentInput = closed(
  {
    ...optional(given.report),
    queries: Type.Array(
      closed({
        token: newOr('query'),
        ...optional(given.query),
        charts: Type.Array(closed({ token: newOr('chart'), ...optional(given.chart) })),
      }),
      {
        description: 'All queries with their charts, in the new order; others are deleted.',
      },
    ),
  },
  { description: 'The content.' },
);
export type ContentInput = Static<typeof ContentInput>;

/** What is sent to publish a report as a whole. */
export const ContentToPublish = closed(
  { content: ContentInput },
  {
    $id: 'ContentToPublish',
    description: 'Content to publish.',
    examples: [
      {
        content: {
          name: 'Weekly revenue',
          description: null,
          queries: [{ ...exampleQuery, charts: [exampleChart] }],
        },
      },
    ],
  },
);
export type ContentToPublish = Static<typeof ContentToPublish>;

export const contentSchemas = [Content, ContentToPublish];

export function toContent(
  organization: Organization,
  reportToken: string,
  content: ReportContent,
  version: number,
): Content {
  const report = reportPath(organization, reportToken);
  return {
    version,
    ...fieldsOf(reportFields, content),
    queries: content.queries.map(({ token, charts, ...query }) => ({
      token,
      ...fieldsOf(queryFields, query),
      charts: charts.map((chart) => ({ token: chart.token, ...fieldsOf(chartFields, chart) })),
    })),
    _links: { self: { href: `${report}/content` }, report: { href: report } },
  };
}
