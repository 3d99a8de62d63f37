import { expect, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import { effectiveParameters } from '../../src/sql-templates/parameters.ts';
import { parseTemplate, renderQuery } from '../../src/sql-templates/query-template.ts';
import { readDocument, samplesOf } from '../support/documents.ts';

const document = readDocument('docs/parameters.md');
const queries = samplesOf(document, 'sql');
const outcomes = samplesOf(document, 'json').map((sample) => JSON.parse(sample));
const noon = () => Date.parse('2026-11-23T12:00:00Z');

test('every query of the document has its outcome below it', () => {
  expect(queries.length).toBeGreaterThan(7);
  expect(outcomes.length).toBe(queries.length);
});

test.each(queries.map((query, at) => ({ query, outcome: outcomes[at] })))(
  'the document says what becomes of $query',
  ({ query, outcome }) => {
    const template = parseTemplate(query, noon);
    const render = () =>
      renderQuery(template, effectiveParameters([template], outcome.given), {
        dialect: kinds.duckdb.dialect,
      });
    if (outcome.error !== undefined) return expect(render).toThrow(outcome.error);
    const { sql, values } = render();
    expect({ sql: sql.trim(), values }).toEqual({ sql: outcome.sql, values: outcome.values });
  },
);
