import { type Static, Type } from 'typebox';
import { closed, oneOf } from '../http/schema-parts.ts';
import { aggregates, orders, pivotTotals, timeUnits, totalAggregates } from './chart-words.ts';
import { TIME_PATTERN } from './time-pattern.ts';

const MOST_COLUMNS = 100;
/** A column's name, as a key. */
const NAME = '^[^\\u0000]{1,255}$';

const Column = (description: string) => Type.String({ minLength: 1, maxLength: 255, description });

const Columns = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
    maxItems: MOST_COLUMNS,
    description,
  });

const Format = closed(
  {
    title: Type.Optional(Type.String({ maxLength: 255, description: 'What to call the column.' })),
    style: Type.Optional(
      oneOf(
        ['number', 'plain', 'percent', 'short'],
        '`number` with separators, `plain` without, `percent` of a share (0.25 is 25 %), `short` as 1.2k or 3M.',
      ),
    ),
    decimals: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10, description: 'Digits after the point.' }),
    ),
    prefix: Type.Optional(
      Type.String({ maxLength: 16, description: 'What stands before the number.' }),
    ),
    suffix: Type.Optional(
      Type.String({ maxLength: 16, description: 'What stands after the number.' }),
    ),
    date_style: Type.Optional(
      oneOf(
        ['iso', 'short', 'medium', 'long', 'month', 'quarter', 'year'],
        'How dates and times are written: `iso` as 2026-01-31 15:04:05, the others as the reader’s locale has it; `month`, `quarter` and `year` to that unit.',
      ),
    ),
    date_pattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: TIME_PATTERN,
        description:
          'A pattern that goes before `date_style`, such as `d MMM yyyy HH:mm`. Other text stands in single quotes.',
      }),
    ),
    time_zone: Type.Optional(
      Type.String({
        maxLength: 64,
        format: 'time-zone',
        description:
          'IANA time zone by whose clocks times with a time zone are written; UTC without it.',
      }),
    ),
  },
  { description: 'How the values of a column are written.' },
);

/** Which columns of its query a chart shows, and how. What is left out is chosen from the result when it is drawn. */
export const ChartSpec = closed(
  {
    x: Type.Optional(Column('The column along the axis, or around a pie.')),
    y: Type.Optional(Columns('The columns whose values are drawn: each a line, or a colour.')),
    y2: Type.Optional(Columns('The columns that `linePlusBar` draws as lines over its bars.')),
    series: Type.Optional(
      Column('The column whose values tell lines or colours apart; the rows of a pivot table.'),
    ),
    aggregate: Type.Optional(
      oneOf(
        aggregates,
        'How values with the same x and series are combined; `sum` by default. `none` is for `scatter` only, and its default.',
      ),
    ),
    unit: Type.Optional(oneOf(timeUnits, 'Unit by which dates and times of x are grouped.')),
    time_zone: Type.Optional(
      Type.String({
        maxLength: 64,
        format: 'time-zone',
        description:
          'IANA time zone in which times with a zone are grouped, such as `Europe/Vienna` or `+02:00`; `UTC` by default.',
      }),
    ),
    sort: Type.Optional(
      oneOf(
        orders,
        'Order along x: by `x`, by `rows` of the result, or by `value` (`-value` for descending). Default: `x` for numbers ' +
          'and dates, `-value` for slices, `rows` otherwise.',
      ),
    ),
    columns: Type.Optional(Columns('The columns of a table, in this order; otherwise all.')),
    totals: Type.Optional(
      Type.Record(
        Type.String({ pattern: NAME }),
        oneOf(totalAggregates, 'What the values of the column are combined to.'),
        {
          maxProperties: MOST_COLUMNS,
          description: 'Totals below the columns of a table, by the name of the column.',
        },
      ),
    ),
    pivot_totals: Type.Optional(
      oneOf(
        pivotTotals,
        'Totals of a pivot table: of its `rows`, of its `columns`, or `both`, which includes that of everything.',
      ),
    ),
    formats: Type.Optional(
      Type.Record(Type.String({ pattern: NAME }), Format, {
        maxProperties: MOST_COLUMNS,
        description: 'How the values of columns are written, by the name of the column.',
      }),
    ),
  },
  {
    $id: 'ChartSpec',
    description: 'Which columns of its query a chart shows, and how.',
    examples: [
      {
        x: 'month',
        y: ['revenue'],
        series: 'region',
        formats: { revenue: { title: 'Revenue', style: 'short', prefix: '€' } },
      },
    ],
  },
);
export type ChartSpec = Static<typeof ChartSpec>;

/** How the values of a column are written. */
export type Format = Static<typeof Format>;
