import { type Static, type TSchema, Type } from 'typebox';
import { closed, oneOf, orNull } from '../http/schema-parts.ts';
import { aggregates, timeUnits, totalAggregates } from './chart-words.ts';

const column = orNull(Type.String(), 'Column; null for the number of rows.');
const count = (description: string) => Type.Integer({ minimum: 0, description });

/** A value as it stands in JSON: a number where a 64-bit float gives all of its digits back, and text otherwise. */
const Cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
  description: 'A value: a number if a 64-bit float keeps all of its digits, else text.',
});
export type Cell = Static<typeof Cell>;

const kinds = ['number', 'boolean', 'date', 'time', 'text'] as const;
const axis = {
  column: orNull(Type.String(), 'Column; null if all rows are in one place.'),
  kind: oneOf(kinds, 'Kind of its values.'),
  unit: orNull(oneOf(timeUnits, 'A unit.'), 'Unit by which dates or times are grouped.'),
  time_zone: orNull(Type.String(), 'Time zone of the groups.'),
};

/** Something that is measured: a column, with what is made of its values where several fall together. */
const Measure = closed(
  {
    column,
    aggregate: orNull(
      oneOf(aggregates, 'An aggregate.'),
      'How values are combined; null if no two rows are in the same place and no aggregate was requested.',
    ),
    axis: oneOf(['left', 'right'], 'Axis of the measure.'),
  },
  { description: 'A measure.' },
);
export type Measure = Static<typeof Measure>;

const named = {
  value: Type.Optional(Cell),
  others: Type.Optional(count('Number of smaller series of which this one is the sum.')),
};

const split = orNull(Type.String(), 'Column that splits the series; null without one.');

const Series = closed(
  {
    measure: count('Index in `measures`.'),
    ...named,
    at: Type.Optional(
      Type.Array(count('A place.'), {
        description: 'Indexes in `x.values` of its values; absent if it has all of them.',
      }),
    ),
    values: Type.Array(Cell, { description: 'A value for each place; null is a gap.' }),
  },
  { description: 'Values on the X axis.' },
);
export type Series = Static<typeof Series>;

const note = <const Name extends string, Properties extends Record<string, TSchema>>(
  name: Name,
  description: string,
  properties: Properties,
) => closed({ note: Type.Literal(name), ...properties }, { description: description });
const xColumn = Type.String({ description: 'Column of the X axis.' });

/** What was done to the result to draw it. Said in the figure: see say-notes.ts. */
const Note = Type.Union([
  note('aggregated', 'Rows with the same x and series were combined.', {
    columns: Type.Array(column),
    aggregate: oneOf(aggregates, 'How.'),
  }),
  note('grouped', 'Dates or times were grouped.', {
    column: xColumn,
    unit: oneOf(timeUnits, 'Unit.'),
    time_zone: orNull(Type.String(), 'Time zone.'),
    chosen: Type.Boolean({
      description:
        'Whether the unit was chosen automatically, because there were too many values to draw.',
    }),
  }),
  note(
    'sampled',
    'Only some points are drawn: the first, last, smallest and largest of each step.',
    {
      drawn: count('Number of drawn points.'),
      of: count('Number of all points.'),
    },
  ),
  note('other_series', 'The smaller series are combined.', { column, count: count('Number.') }),
  note('series_left_out', 'The smaller series are not drawn.', {
    column,
    count: count('Number.'),
    of: count('Number of all.'),
  }),
  note('other_values', 'The smaller values of x are combined: their sum.', {
    column: xColumn,
    count: count('Number.'),
  }),
  note('values_left_out', 'Only the largest values of x are drawn.', {
    column: xColumn,
    count: count('Number that is left out.'),
    of: count('Number of all.'),
  }),
  note('empty_x', 'Rows without a value of x are left out on an axis of numbers or dates.', {
    column: xColumn,
    rows: count('Number.'),
  }),
  note('not_finite', 'Values that are infinite or not a number are gaps.', {
    column,
    count: count('Number.'),
  }),
  note(
    'not_stacked',
    'Areas with values of both signs are drawn as lines: stacked, they would cover each other.',
    {},
  ),
  note('result_cut', 'The result itself was truncated at its limits.', {
    rows: count('Number of its rows.'),
    by: oneOf(['run', 'try'], 'Limits of runs, or of previews in the editor.'),
  }),
]);
export type Note = Static<typeof Note>;

const notes = Type.Array(Note, { description: 'What was done to draw the result.' });

const SeriesPicture = closed(
  {
    kind: Type.Literal('series'),
    x: closed(
      {
        ...axis,
        values: Type.Array(Cell, { description: 'Values, in order.' }),
        others: Type.Optional(
          count('Number of values of x of which the last one is the sum; its own value is null.'),
        ),
      },
      { description: 'The X axis.' },
    ),
    measures: Type.Array(Measure),
    split,
    series: Type.Array(Series),
    part: Type.Optional(
      closed(
        {
          offset: count('Number of rows before its series.'),
          row_count: count('Number of rows of the pivot table.'),
          column_offset: count('Number of columns before its values of x.'),
          column_count: count('Number of columns of the pivot table.'),
        },
        { description: 'Part of a pivot table that this is; absent if it is all of it.' },
      ),
    ),
    totals: Type.Optional(
      closed(
        {
          rows: Type.Optional(Type.Array(Cell, { description: 'For each of `series`.' })),
          columns: Type.Optional(
            Type.Array(Type.Array(Cell), { description: 'For each measure, by `x.values`.' }),
          ),
          all: Type.Optional(Type.Array(Cell, { description: 'Of all rows, for each measure.' })),
        },
        { description: 'Totals of a pivot table, computed from the rows of the result.' },
      ),
    ),
    notes,
  },
  { description: 'Values on the X axis of lines, areas, bars, slices and pivots.' },
);
export type SeriesPicture = Static<typeof SeriesPicture>;

const PointsPicture = closed(
  {
    kind: Type.Literal('points'),
    x: closed(axis, { description: 'The X axis.' }),
    measures: Type.Array(Measure, { description: 'The Y axis.' }),
    label: orNull(Type.String(), 'Column with the names of the points.'),
    split,
    groups: Type.Array(
      closed(
        {
          ...named,
          points: Type.Array(Type.Array(Cell), { description: 'Points with x, y and name.' }),
        },
        { description: 'Points of one color.' },
      ),
    ),
    notes,
  },
  { description: 'Numbers by numbers.' },
);
export type PointsPicture = Static<typeof PointsPicture>;

const FigurePicture = closed(
  {
    kind: Type.Literal('figure'),
    measures: Type.Array(Measure),
    values: Type.Array(Cell),
    notes,
  },
  { description: 'One value, and a second one to compare with.' },
);
export type FigurePicture = Static<typeof FigurePicture>;

/** What is made of all values of a column. */
export const Total = closed(
  {
    column: Type.String({ description: 'The column.' }),
    aggregate: oneOf(totalAggregates, 'How the values are combined.'),
    value: Cell,
    left_out: count('Number of values left out because they are infinite or not a number.'),
  },
  { description: 'A total of a column.' },
);
export type Total = Static<typeof Total>;

const RowsPicture = closed(
  {
    kind: Type.Literal('rows'),
    totals: Type.Optional(Type.Array(Total, { description: 'Totals of all rows.' })),
    notes,
  },
  { description: 'The rows of the result.' },
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
        reason: Type.String({ description: 'Reason, as a sentence.' }),
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
