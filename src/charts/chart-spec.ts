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
    title: Type.Optional(
      Type.String({ maxLength: 255, description: 'Display name of the column.' }),
    ),
    style: Type.Optional(
      oneOf(
        ['number', 'plain', 'percent', 'short'],
        '`number` with separators, `plain` without, `percent` (0.25 is 25%), `short` as in 1.2k or 3M.',
      ),
    ),
    decimals: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10, description: 'Digits after the decimal point.' }),
    ),
    prefix: Type.Optional(Type.String({ maxLength: 16, description: 'Text before the number.' })),
    suffix: Type.Optional(Type.String({ maxLength: 16, description: 'Text after the number.' })),
    date_style: Type.Optional(
      oneOf(
        ['iso', 'short', 'medium', 'long', 'month', 'quarter', 'year'],
        'Format of dates and times: `iso` as in 2026-01-31 15:04:05, the others in the reader’s locale; `month`, `quarter` and `year` to that unit.',
      ),
    ),
    date_pattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: TIME_PATTERN,
        description:
          'Custom format of dates and times, such as `d MMM yyyy HH:mm`; overrides `date_style`. Put other text in single quotes.',
      }),
    ),
    time_zone: Type.Optional(
      Type.String({
        maxLength: 64,
        format: 'time-zone',
        description: 'IANA time zone in which times with a time zone are shown; UTC by default.',
      }),
    ),
  },
  { description: 'Format of a column.' },
);

/** Which columns of its query a chart shows, and how. What is left out is chosen from the result when it is drawn. */
export const ChartSpec = closed(
  {
    x: Type.Optional(Column('Column of the X axis, or of the slices of a pie.')),
    y: Type.Optional(Columns('Columns whose values are drawn: each is a line, or a color.')),
    y2: Type.Optional(Columns('Columns that `linePlusBar` draws as lines over its bars.')),
    series: Type.Optional(
      Column('Column that splits the values into lines or colors; the rows of a pivot table.'),
    ),
    aggregate: Type.Optional(
      oneOf(
        aggregates,
        'How values with the same x and series are combined; `sum` by default. `none` is for `scatter` only, where it is the default.',
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
    columns: Type.Optional(Columns('Columns of a table, in this order; all by default.')),
    totals: Type.Optional(
      Type.Record(
        Type.String({ pattern: NAME }),
        oneOf(totalAggregates, 'Aggregate of the column.'),
        {
          maxProperties: MOST_COLUMNS,
          description: 'Totals below the columns of a table, by column name.',
        },
      ),
    ),
    pivot_totals: Type.Optional(
      oneOf(
        pivotTotals,
        'Totals of a pivot table: of its `rows`, of its `columns`, or `both`, which includes the grand total.',
      ),
    ),
    formats: Type.Optional(
      Type.Record(Type.String({ pattern: NAME }), Format, {
        maxProperties: MOST_COLUMNS,
        description: 'Formats of columns, by column name.',
      }),
    ),
  },
  {
    $id: 'ChartSpec',
    description: 'What a chart shows of its query.',
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
