import { type TSchema, Type } from 'typebox';
import { closed } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { type List, lists } from '../inventory/lists.ts';
import { exampleRow } from './list-examples.ts';
import { rowSchema } from './list-schema.ts';

const allLists = Object.values(lists);
const place = Type.Integer({
  description:
    'The place of the row in the order of its list; it never changes and is never given to another row.',
});

const ofList = (list: List) =>
  closed({
    list: Type.String({ enum: [list.name], description: 'The list that the row is in.' }),
    place,
    row: reference(rowSchema(list)),
  });

const Removal = closed({
  list: Type.String({
    enum: allLists.map(({ name }) => name),
    description: 'The list that the row was in.',
  }),
  place,
  id: Type.Integer({ description: 'The number that identified the row in its list.' }),
  token: Type.String({ description: 'The token that identified the row in its list.' }),
  deleted: Type.Boolean({ enum: [true], description: 'The view no longer holds the row.' }),
});

const CURSOR = '5b89bf4b0a49-4146';

/** What became of one row. */
export const Change = Type.Union([...allLists.map(ofList), Removal], {
  $id: 'Change',
  description: 'What became of one row: the row as it is now, or that it is gone from the view.',
  examples: [
    { list: 'reports', place: 4120, row: exampleRow(lists.reports) },
    { list: 'charts', place: 3077, id: 9311, token: '77b1e06c4f20', deleted: true },
  ],
});

/** What `GET /batch/{organization}/changes` answers. */
export const Changes: TSchema = closed(
  {
    changes: Type.Array(reference(Change), {
      description:
        'In the order in which they were made. A row that has changed several times is here once.',
    }),
    cursor: Type.String({ description: 'What to give as `after` in the next request.' }),
    more: Type.Boolean({
      description: 'Whether there is more already, even where `changes` is empty.',
    }),
  },
  {
    $id: 'Changes',
    description: 'What has changed since a cursor.',
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
    description:
      'What to give as `after` to `/batch/{organization}/changes` to learn what comes after this.',
  },
};
