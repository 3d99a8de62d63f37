import { type Static, type TSchema, Type } from 'typebox';
import { closed, oneOf, orNull } from '../http/schema-parts.ts';
import { aggregates, timeUnits, totalAggregates } from './chart-words.ts';

const column = orNull(Type.String(), 'The column; null for the number of rows.');
const count = (description: string) => Type.Integer({ minimum: 0, description });

/** A value as it stands in JSON: a number where a 64-bit float gives all of its digits back, and text otherwise. */
const Cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
  description: 'A value: a number where a 64-bit float gives its digits back, else text.',
});
export type Cell = Static<typeof Cell>;

const kinds = ['number', 'boolean', 'date', 'time', 'text'] as const;
const axis = {
  column: orNull(Type.String(), 'The column; null if all rows share one place.'),
  kind: oneOf(kinds, 'What its values are.'),
  unit: orNull(oneOf(timeUnits, 'A unit.'), 'By what dates or times are grouped.'),
  time_zone: orNull(Type.String(), 'The time zone in which they are.'),
};

/** Something that is measured: a column, with what is made of its values where several fall together. */
const Measure = closed(
  {
    column,
    aggregate: orNull(
      oneOf(aggregates, 'An aggregate.'),
      'How several values are combined; null if no two rows share a place and no aggregate was requested.',
    ),
    axis: oneOf(['left', 'right'], 'The axis that it belongs to.'),
  },
  { description: 'What is measured.' },
);
export type Measure = Static<typeof Measure>;

const named = {
  value: Type.Optional(Cell),
  others: Type.Optional(count('Of how many smaller series this one is the sum.')),
};

const split = orNull(Type.String(), 'The column whose values tell series apart; null without one.');

const Series = closed(
  {
    measure: count('Its place in `measures`.'),
    ...named,
    at: Type.Optional(
      Type.Array(count('A place.'), {
        description: 'The places in `x.values` that it has; absent where it has them all.',
      }),
    ),
    values: Type.Array(Cell, { description: 'A value for each of these; null is a gap.' }),
  },
  { description: 'Values along x.' },
);
export type Series = Static<typeof Series>;

const note = <const Name extends string, Properties extends Record<string, TSchema>>(
  name: Name,
  description: string,
  properties: Properties,
) => closed({ note: Type.Literal(name), ...properties }, { description: description });
const xColumn = Type.String({ description: 'The column along x.' });

/** What was done to the result to draw it. Said in the figure: see say-notes.ts. */
const Note = Type.Union([
  note('aggregated', 'Rows with the same x and series were made one value.', {
    columns: Type.Array(column),
    aggregate: oneOf(aggregates, 'How.'),
  }),
  note('grouped', 'Dates or times were grouped.', {
    column: xColumn,
    unit: oneOf(timeUnits, 'By what.'),
    time_zone: orNull(Type.String(), 'In which time zone.'),
    chosen: Type.Boolean({
      description:
        'Whether the unit was chosen automatically, because there were too many values to draw.',
    }),
  }),
  note('sampled', 'Some points are drawn: of each step the first, last, least and most.', {
    drawn: count('How many are drawn.'),
    of: count('How many there are.'),
  }),
  note('other_series', 'The smaller series are one.', { column, count: count('How many.') }),
  note('series_left_out', 'The smaller series are not drawn.', {
    column,
    count: count('How many.'),
    of: count('Of how many.'),
  }),
  note('other_values', 'The smaller values of x are one: their sum.', {
    column: xColumn,
    count: count('How many.'),
  }),
  note('values_left_out', 'Only the largest values of x are drawn.', {
    column: xColumn,
    count: count('How many are left out.'),
    of: count('Of how many.'),
  }),
  note('empty_x', 'Rows without a value of x have no place on an axis of numbers or dates.', {
    column: xColumn,
    rows: count('How many.'),
  }),
  note('not_finite', 'Values that are infinite or no number are gaps.', {
    column,
    count: count('How many.'),
  }),
  note('not_stacked', 'Areas of both signs are lines: stacked, they would cover each other.', {}),
  note('result_cut', 'The result itself was cut at its limits.', {
    rows: count('How many rows it has.'),
    by: oneOf(['run', 'try'], 'By the limits of runs, or of queries that are tried in the editor.'),
  }),
]);
export type Note = Static<typeof Note>;

const notes = Type.Array(Note, { description: 'What was done to the result to draw it.' });

const SeriesPicture = closed(
  {
    kind: Type.Literal('series'),
    x: closed(
      {
        ...axis,
        values: Type.Array(Cell, { description: 'Its values, in order.' }),
        others: Type.Optional(
          count('Of how many values of x the last one is the sum; its own value is null.'),
        ),
      },
      { description: 'What goes along x.' },
    ),
    measures: Type.Array(Measure),
    split,
    series: Type.Array(Series),
    part: Type.Optional(
      closed(
        {
          offset: count('How many rows come before its series.'),
          row_count: count('How many rows the pivot table has.'),
          column_offset: count('How many columns come before its values of x.'),
          column_count: count('How many columns the pivot table has.'),
        },
        { description: 'Which part of a pivot table this is; absent if it is all of it.' },
      ),
    ),
    totals: Type.Optional(
      closed(
        {
          rows: Type.Optional(Type.Array(Cell, { description: 'Of each of `series`.' })),
          columns: Type.Optional(
            Type.Array(Type.Array(Cell), { description: 'Of each measure, by `x.values`.' }),
          ),
          all: Type.Optional(Type.Array(Cell, { description: 'Of all rows, for each measure.' })),
        },
        { description: 'Totals of a pivot table, computed from the rows of the result.' },
      ),
    ),
    notes,
  },
  { description: 'Values along x: of lines, areas, bars, slices and pivots.' },
);
export type SeriesPicture = Static<typeof SeriesPicture>;

const PointsPicture = closed(
  {
    kind: Type.Literal('points'),
    x: closed(axis, { description: 'What goes along x.' }),
    measures: Type.Array(Measure, { description: 'What goes up.' }),
    label: orNull(Type.String(), 'The column that names the points.'),
    split,
    groups: Type.Array(
      closed(
        {
          ...named,
          points: Type.Array(Type.Array(Cell), { description: 'Each with x, y and its name.' }),
        },
        { description: 'Points of one color.' },
      ),
    ),
    notes,
  },
  { description: 'Numbers against numbers.' },
);
export type PointsPicture = Static<typeof PointsPicture>;

const FigurePicture = closed(
  {
    kind: Type.Literal('figure'),
    measures: Type.Array(Measure),
    values: Type.Array(Cell),
    notes,
  },
  { description: 'One value, and another that it is compared with.' },
);
export type FigurePicture = Static<typeof FigurePicture>;

/** What is made of all values of a column. */
export const Total = closed(
  {
    column: Type.String({ description: 'The column.' }),
    aggregate: oneOf(totalAggregates, 'How they are combined.'),
    value: Cell,
    left_out: count('How many values are left out because they are infinite or not a number.'),
  },
  { description: 'What the values of a column are combined to.' },
);
export type Total = Static<typeof Total>;

const RowsPicture = closed(
  {
    kind: Type.Literal('rows'),
    totals: Type.Optional(Type.Array(Total, { description: 'Totals of all rows.' })),
    notes,
  },
  { description: 'The rows of the result as they are.' },
);
export type RowsPicture = Static<typeof RowsPicture>;

/** What a chart shows of one result, ready to draw. */
export const Picture = Type.Union(
  [
    SeriesPicture,
    PointsPicture,
    FigurePicture,
    RowsPicture,
    closed(
      {
        kind: Type.Literal('refused'),
        reason: Type.String({ description: 'Why, as a sentence.' }),
        notes,
      },
      { description: 'The chart cannot show this result.' },
    ),
  ],
  {
    $id: 'Picture',
    description: 'What a chart shows of one result, ready to draw.',
    examples: [
      {
        kind: 'series',
        x: {
          column: 'region',
          kind: 'text',
          unit: null,
          time_zone: null,
          values: ['north', 'south'],
        },
        measures: [{ column: 'sales', aggregate: 'sum', axis: 'left' }],
        split: null,
        series: [{ measure: 0, values: [30, 12] }],
        notes: [{ note: 'aggregated', columns: ['sales'], aggregate: 'sum' }],
      },
    ],
  },
);
export type Picture = Static<typeof Picture>;
