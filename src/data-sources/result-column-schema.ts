import { Type } from 'typebox';
import { closed } from '../http/schema-parts.ts';

/** A column of a result, as runs and trials show it. */
export const ResultColumn = closed(
  {
    name: Type.String({ description: 'Name of the column.' }),
    type: Type.String({ description: 'Its type, as DuckDB calls it.' }),
    note: Type.Optional(
      Type.String({
        description:
          'How its values differ from those of the data source, such as an interval that is kept as text; absent if they do not.',
      }),
    ),
  },
  { description: 'A column.' },
);
