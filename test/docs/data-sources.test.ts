import { expect, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';

const adapters = Object.values(kinds).map(({ wireName }) => wireName);

test('the document on the REST API has every kind of data source', () => {
  const rows = tableOf(sectionOf(readDocument('docs/rest-api.md'), '## Data sources'));
  expect(rows.map(([adapter]) => adapter)).toEqual(adapters);
});

test('the document on compatibility names every kind of data source', () => {
  const row = /^\| Adapters of data sources \|.*$/m.exec(readDocument('docs/compatibility.md'));
  const named = [...String(row).matchAll(/`(jdbc:\w+)`/g)].map(([, adapter]) => adapter);
  expect(named).toEqual(adapters);
});
