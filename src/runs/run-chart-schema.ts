import { type Static, Type } from 'typebox';
import { ChartSpec } from '../charts/chart-spec.ts';
import { halList, Link } from '../http/hal.ts';
import { closed, links, orNull, textOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';

/** A chart as a run has it. */
export const ChartOfRun = closed(
  {
    token: Type.String({ description: 'Token of the chart.' }),
    query_token: Type.String({ description: 'Token of its query.' }),
    chart_type: textOrNull('Type, such as table, bar, line, area, pie, scatter or bigNumber.'),
    chart_title: textOrNull('Title of the chart.'),
    spec: orNull(reference(ChartSpec), 'What it shows of its query; null for an imported chart.'),
    _links: links({ picture: Link('What it shows of the result.') }),
  },
  {
    $id: 'ChartOfRun',
    description: 'A chart at the time of a run.',
    examples: [
      {
        token: '77d0ba2d9c5e',
        query_token: 'a5f2cd4f3ad1',
        chart_type: 'line',
        chart_title: 'Revenue, month by month',
        spec: { x: 'month', y: ['revenue'], series: 'region' },
        _links: {
          picture: {
            href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63/charts/77d0ba2d9c5e/picture',
          },
        },
      },
    ],
  },
);
export const ChartsOfRun = halList('charts', reference(ChartOfRun));
export type ChartsOfRun = Static<typeof ChartsOfRun>;
