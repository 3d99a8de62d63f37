import { Type } from 'typebox';
import type { Cell } from '../charts/picture.ts';
import { closed } from '../http/schema-parts.ts';

/** A column of a result, as runs and trials show it. */
export const ResultColumn = closed(
  {
    name: Type.String({ description: 'Name of the column.' }),
    type: Type.String({ description: 'DuckDB type of the column.' }),
    note: Type.Optional(
      Type.String({
        description:
          'How its values differ from those of the data source, such as intervals stored as text; absent if they do not.',
      }),
    ),
  },
  { description: 'A column.' },
);

/** Rows of a result, each a list of values in the order of the columns. */
export const resultRows = (description: string) =>
  Type.Array(Type.Array(Type.Unsafe<Cell>(Type.Unknown())), { description });
