import { type TSchema, Type } from 'typebox';
import { closed } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { type List, lists } from '../inventory/lists.ts';
import { exampleRow } from './list-examples.ts';
import { rowSchema } from './list-schema.ts';

const allLists = Object.values(lists);
const place = Type.Integer({
  description: 'Place of the row in its list; it never changes and is never reused.',
});

const ofList = (list: List) =>
  closed({
    list: Type.String({ enum: [list.name], description: 'List of the row.' }),
    place,
    row: reference(rowSchema(list)),
  });

const Removal = closed({
  list: Type.String({
    enum: allLists.map(({ name }) => name),
    description: 'List of the row.',
  }),
  place,
  id: Type.Integer({ description: 'Number of the row in its list.' }),
  token: Type.String({ description: 'Token of the row in its list.' }),
  deleted: Type.Boolean({ enum: [true], description: 'The row is no longer in this view.' }),
});

const CURSOR = '5b89bf4b0a49-4146';

/** What became of one row. */
export const Change = Type.Union([...allLists.map(ofList), Removal], {
  $id: 'Change',
  description: 'A change of one row: the current row, or its deletion.',
  examples: [
    { list: 'reports', place: 4120, row: exampleRow(lists.reports) },
    { list: 'charts', place: 3077, id: 9311, token: '77b1e06c4f20', deleted: true },
  ],
});

/** What `GET /batch/{organization}/changes` answers. */
export const Changes: TSchema = closed(
  {
    changes: Type.Array(reference(Change), {
      description: 'Changes, in order. A row that changed several times is included once.',
    }),
    cursor: Type.String({ description: 'Value of `after` for the next request.' }),
    more: Type.Boolean({
      description: 'Whether there are more changes already, even if `changes` is empty.',
    }),
  },
  {
    $id: 'Changes',
    description: 'Changes since a cursor.',
    examples: [
      {
        changes: [{ list: 'charts', place: 3077, id: 9311, token: '77b1e06c4f20', deleted: true }],
        cursor: CURSOR,
        more: false,
      },
    ],
  },
);

/** The header that says what a body holds everything up to. */
export const cursorHeader = {
  'Rollcall-Cursor': {
    type: 'string',
    description: 'Value of `after` for `/batch/{organization}/changes` to get later changes.',
  },
};
