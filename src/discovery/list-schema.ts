import { type TSchema, Type } from 'typebox';
import { closed } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Field, List } from '../inventory/lists.ts';
import { examplePage, exampleRow } from './list-examples.ts';

const types: Record<Field['type'], (options: { description: string }) => TSchema> = {
  integer: (options) => Type.Integer(options),
  text: (options) => Type.String(options),
  time: (options) => Type.String({ ...options, format: 'date-time' }),
  seconds: (options) => Type.String({ ...options, format: 'date-time' }),
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
  return closed(properties, {
    $id: `${pascalCase(list.name)}Row`,
    description: `A row of ${list.name}. Every key is always present.`,
    examples: [exampleRow(list)],
  });
}

/** What every page says of its place in the list. */
export const Pagination = closed(
  {
    page: Type.Integer({ description: 'Page number, from 1.' }),
    per_page: Type.Integer({ description: 'Maximum number of rows per page.' }),
    count: Type.Integer({ description: 'Number of rows on this page.' }),
    total_pages: Type.Integer({
      description: 'Number of pages; 0 if the list is empty.',
    }),
    total_count: Type.Integer({ description: 'Number of rows on all pages.' }),
  },
  { $id: 'Pagination', description: 'Place of a page in its list.' },
);

const Link = closed({
  href: Type.String({ description: 'Path and query, relative to the host.' }),
});

/** The pages beside this one. */
export const PageLinks = closed(
  {
    next_page: Type.Optional({
      ...Link,
      description: 'The next page; absent on the last page.',
    }),
    prev_page: { ...Link, description: 'The previous page; on page 1, page 1 itself.' },
  },
  {
    $id: 'PageLinks',
    description: 'Adjacent pages. Links carry the parameters of the request.',
  },
);

/** The shape of a page of a list. */
export function pageSchema(list: List): TSchema {
  return closed(
    {
      pagination: reference(Pagination),
      [list.name]: Type.Array(reference(rowSchema(list)), {
        description: 'Rows of this page, in the order in which the organization got them.',
      }),
      _links: reference(PageLinks),
    },
    {
      $id: `${pascalCase(list.name)}Page`,
      description: `A page of ${list.name}.`,
      examples: [examplePage(list)],
    },
  );
}

/** The name of a list in the names of schemas and operations: `ReportStats`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
