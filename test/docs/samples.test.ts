import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { isTimeZone } from '../../src/clock.ts';
import { listDocuments, readDocument, samplesOf } from '../support/documents.ts';
import type { OpenApiDocument } from '../support/openapi-document.ts';
import { openWorkplace } from '../support/workplace.ts';

const jsonSamplesOf = (path: string) => samplesOf(readDocument(path), 'json');

test.each(listDocuments())('%s has JSON samples that are JSON', (path) => {
  for (const sample of jsonSamplesOf(path)) expect(() => JSON.parse(sample), sample).not.toThrow();
});

test('every sample of the APIs is what one of their schemas describes', async () => {
  const { get } = await openWorkplace();
  const { components, paths } = (await get('/openapi.json')).json<OpenApiDocument>();
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addFormat('time-zone', isTimeZone);
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const answers = operations.flatMap(({ responses }) =>
    Object.values(responses).flatMap(({ content = {} }) =>
      Object.values(content).flatMap(({ schema }) => schema ?? []),
    ),
  );
  // One compiled copy of what schemas refer to, and of each schema that several routes answer.
  ajv.addSchema({ $id: 'rollcall', components });
  const schemas = [...Object.values(components.schemas), ...answers].map((schema) =>
    JSON.stringify(schema).replaceAll('"#/components/', '"rollcall#/components/'),
  );
  const validators = [...new Set(schemas)].map((schema) => ajv.compile(JSON.parse(schema)));
  const samples = ['docs/discovery-api.md', 'docs/rest-api.md', 'docs/errors.md'].flatMap(
    jsonSamplesOf,
  );
  expect(samples.length).toBeGreaterThan(4);
  for (const sample of samples) {
    const value = JSON.parse(sample);
    expect(
      validators.some((validate) => validate(value)),
      sample,
    ).toBe(true);
  }
});
