import { type Static, Type } from 'typebox';
import { ChartSpec } from '../charts/chart-spec.ts';
import { Link } from '../http/hal.ts';
import { reference } from '../http/schema-reference.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';
import type { ReportContent } from './report-content.ts';
import { reportPath, reportTexts } from './report-schema.ts';

const text = (description: string, maxLength: number = MAX_LENGTH.name) =>
  Type.Union([Type.String({ maxLength }), Type.Null()], { description });

const shown = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const chartFields = {
  chart_type: text('Such as table, bar, line, area, pie, scatter or bigNumber.'),
  chart_title: text('Title of the chart.'),
  spec: Type.Union([reference(ChartSpec), Type.Null()], {
    description: 'Which columns it shows, and how; null for a chart that was imported.',
  }),
};
const queryFields = {
  name: text('Null while the query has no name.'),
  raw_query: text('The SQL as written, parameter form included.', MAX_LENGTH.sql),
  data_source_token: text('Token of the data source that it runs on.'),
};
const token = (what: string) => Type.String({ description: `Token of the ${what}.` });
const newOr = (what: string) =>
  Type.Optional(
    Type.String({
      maxLength: MAX_LENGTH.name,
      description: `Token of the ${what}; left out for a new one.`,
    }),
  );

const closed = { additionalProperties: false };
const exampleQuery = {
  name: 'Revenue by month',
  raw_query: 'select month, sum(amount) as revenue from orders group by month',
  data_source_token: 'c93d5b1a7e20',
};
const exampleChart = {
  chart_type: 'line',
  chart_title: 'Revenue, month by month',
  spec: { x: 'month', y: ['revenue'] },
};

/** All that people edit of a report. */
export const Content = Type.Object(
  {
    version: Type.Integer({
      description: 'The number of the last version; 0 for a report that was never edited here.',
    }),
    name: shown('Null while the report is untitled.'),
    description: shown('What the report is about.'),
    queries: Type.Array(
      Type.Object(
        {
          token: token('query'),
          name: shown('Null while the query has no name.'),
          raw_query: shown('The SQL as written, parameter form included.'),
          data_source_token: shown('Token of the data source that it runs on.'),
          charts: Type.Array(
            Type.Object(
              {
                token: token('chart'),
                chart_type: shown('Such as table, bar, line, area, pie, scatter or bigNumber.'),
                chart_title: shown('Title of the chart.'),
                spec: chartFields.spec,
              },
              closed,
            ),
            { description: 'The charts that show it.' },
          ),
        },
        closed,
      ),
      { description: 'The queries, in the order in which they stand.' },
    ),
    _links: Type.Object(
      { self: Link('This content.'), report: Link('The report.') },
      { description: 'Where related things are.', ...closed },
    ),
  },
  {
    $id: 'Content',
    description: 'All that people edit of a report.',
    ...closed,
    examples: [
      {
        version: 3,
        name: 'Weekly revenue',
        description: null,
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

/** What is sent to publish a report as a whole. */
export const ContentToPublish = Type.Object(
  {
    content: Type.Object(
      {
        ...reportTexts,
        queries: Type.Array(
          Type.Object(
            {
              token: newOr('query'),
              ...queryFields,
              charts: Type.Array(Type.Object({ token: newOr('chart'), ...chartFields }, closed)),
            },
            closed,
          ),
          {
            description:
              'All of its queries with their charts, in the order in which they are to stand; others are deleted.',
          },
        ),
      },
      { description: 'What the report is to be.', ...closed },
    ),
  },
  {
    $id: 'ContentToPublish',
    description: 'A report to publish.',
    ...closed,
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
export type GivenContent = Static<typeof ContentToPublish>['content'];

export const contentSchemas = [Content, ContentToPublish];

export function toContent(
  organization: Organization,
  reportToken: string,
  { name, description, queries, charts }: ReportContent,
  version: number,
): Static<typeof Content> {
  const report = reportPath(organization, reportToken);
  const chartsOf = Map.groupBy(charts, ({ queryToken }) => queryToken);
  return {
    version,
    name,
    description,
    queries: queries.map((query) => ({
      token: query.token,
      name: query.name,
      raw_query: query.rawQuery,
      data_source_token: query.dataSourceToken,
      charts: (chartsOf.get(query.token) ?? []).map((chart) => ({
        token: chart.token,
        chart_type: chart.type,
        chart_title: chart.title,
        spec: chart.spec,
      })),
    })),
    _links: { self: { href: `${report}/content` }, report: { href: report } },
  };
}
