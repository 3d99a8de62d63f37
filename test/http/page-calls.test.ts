import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openWorkplace } from '../support/workplace.ts';

type Schema = { $id?: string; $ref?: string };
type Content = Record<string, { schema: Schema }>;
type Operation = {
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};

const source = new URL('../../web/src/api/calls.ts', import.meta.url);
const text = readFileSync(source, 'utf8').replaceAll(/\s+/g, ' ');
const calls = [
  ...text.matchAll(/'(\w+) (\/[^']+)': \{ (?:body: (\w+); )?answer: ([^}]+?);? \}/g),
].map(([, method = '', path = '', body, answer = '']) => ({ method, path, body, answer }));

/** The schema whose type a name is: it has the same name in the file from which the type comes. */
async function schemaCalled(name: string): Promise<Schema> {
  const imports = [...text.matchAll(/import type \{([^}]*)\} from '([^']+)'/g)];
  const from = imports.find(([, names = '']) => names.split(/[ ,]+/).includes(name))?.[2];
  expect(from, name).toBeDefined();
  const schemas = (await import(String(new URL(String(from), source)))) as Record<string, Schema>;
  expect(schemas[name], name).toBeDefined();
  return schemas[name] as Schema;
}

/** A schema as the OpenAPI document has it. */
const described = (schema: Schema): unknown =>
  schema.$id === undefined
    ? JSON.parse(JSON.stringify(schema), (key, value) =>
        key === '$ref' ? `#/components/schemas/${String(value).replace('#', '')}` : value,
      )
    : { $ref: `#/components/schemas/${schema.$id}` };

const jsonOf = (content: Content = {}) =>
  Object.entries(content)
    .filter(([mediaType]) => mediaType.endsWith('json'))
    .map(([, { schema }]) => schema);

test('the pages take each answer, and send each body, for what the server says it is', async () => {
  const { get } = await openWorkplace();
  const { paths } = (await get('/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  expect(calls.length).toBe(text.split('answer: ').length - 1);
  for (const { method, path, body, answer } of calls) {
    const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const call = `${method} ${path}`;
    expect(operation, call).toBeDefined();
    const bodies = body === undefined ? [] : [described(await schemaCalled(body))];
    expect(jsonOf(operation?.requestBody?.content), call).toEqual(bodies);
    const names = answer.split(' | ').filter((name) => name !== 'undefined');
    const answers = await Promise.all(
      names.map(async (name) =>
        name === "Row<'reports'>"
          ? { $ref: '#/components/schemas/ReportsRow' }
          : described(await schemaCalled(name)),
      ),
    );
    const successes = Object.entries(operation?.responses ?? {}).filter(
      ([status]) => status < '300',
    );
    expect(
      successes.flatMap(([, { content }]) => jsonOf(content)),
      call,
    ).toEqual(answers);
  }
});
