import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { listDocuments, readDocument, samplesOf } from '../support/documents.ts';
import { openWorkplace } from '../support/workplace.ts';

const jsonSamplesOf = (path: string) => samplesOf(readDocument(path), 'json');

test.each(listDocuments())('%s has JSON samples that are JSON', (path) => {
  for (const sample of jsonSamplesOf(path)) expect(() => JSON.parse(sample), sample).not.toThrow();
});

test('every sample of the APIs is what one of their schemas describes', async () => {
  const { get } = await openWorkplace();
  const { components } = (await get('/openapi.json')).json();
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const validators = Object.values(components.schemas as Record<string, object>).map((schema) =>
    ajv.compile({ ...schema, components }),
  );
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
