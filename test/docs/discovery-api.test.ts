import { describe, expect, test } from 'vitest';
import { type FieldType, type List, lists } from '../../src/inventory/lists.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';
import type { OpenApiDocument } from '../support/openapi-document.ts';
import { openWorkplace } from '../support/workplace.ts';

const text = readDocument('docs/discovery-api.md');

test('the Discovery API’s document names every route there is, and no other', async () => {
  const { get } = await openWorkplace();
  const { paths } = (await get('/openapi.json')).json<OpenApiDocument>();
  const routes = Object.entries(paths)
    .filter(([path]) => !path.startsWith('/api/'))
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
  expect(tableOf(text).map(([route]) => route)).toEqual(routes);
  for (const [, route] of text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`]*)`/g)) {
    expect(routes).toContain(route);
  }
});

const words: Record<FieldType, string> = {
  integer: 'integer',
  text: 'text',
  time: 'time',
  seconds: 'time in seconds',
  texts: 'list of text',
};

describe.each<List>(Object.values(lists))('the list $name', ({ name, fields }) => {
  test('is described field by field, in the order in which they are sent', () => {
    const described = tableOf(sectionOf(text, `### ${name}`));
    expect(described).toEqual(
      fields.map(({ name, type, required, description }) => [
        name,
        words[type],
        required || type === 'texts' ? 'never' : 'yes',
        description,
      ]),
    );
  });
});
