import { type TSchema, Type } from 'typebox';
import type { Field, List } from './lists.ts';

const types: Record<Field['type'], (options: { description: string }) => TSchema> = {
  integer: (options) => Type.Integer(options),
  text: (options) => Type.String(options),
  time: (options) =>
    Type.String({ ...options, format: 'date-time', examples: ['2020-05-04T20:17:55.387Z'] }),
  seconds: (options) =>
    Type.String({ ...options, format: 'date-time', examples: ['2020-05-04T20:17:55Z'] }),
  texts: (options) => Type.Array(Type.String(), options),
};

function fieldSchema({ type, required, description }: Field): TSchema {
  const schema = types[type]({ description });
  if (required || type === 'texts') return schema;
  return {
    ...schema,
    type: [(schema as unknown as { type: string }).type, 'null'],
  } as unknown as TSchema;
}

/** The shape of a row of a list. */
export function rowSchema(list: List): TSchema {
  const properties = Object.fromEntries(
    list.fields.map((field) => [field.name, fieldSchema(field)]),
  );
  return Type.Object(properties, { additionalProperties: false });
}

const Link = Type.Object(
  { href: Type.String({ description: 'Path and query, relative to the host.' }) },
  { additionalProperties: false },
);

/** The shape of a page of a list. */
export function pageSchema(list: List): TSchema {
  return Type.Object(
    {
      pagination: Type.Object(
        {
          page: Type.Integer({ description: 'This page, from 1.' }),
          per_page: Type.Integer({ description: 'How many rows a page has at most.' }),
          count: Type.Integer({ description: 'How many rows this page has.' }),
          total_pages: Type.Integer({ description: '0 where the list is empty.' }),
          total_count: Type.Integer({ description: 'How many rows all pages have.' }),
        },
        { additionalProperties: false },
      ),
      [list.name]: Type.Array(rowSchema(list)),
      _links: Type.Object(
        { next_page: Type.Optional(Link), prev_page: Link },
        { additionalProperties: false, description: 'next_page is absent on the last page.' },
      ),
    },
    { additionalProperties: false },
  );
}
