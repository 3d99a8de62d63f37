import { expect, test } from 'vitest';
import { ChartSpec, chartTypes } from '../../src/charts/chart-spec.ts';
import { readDocument, tableOf } from '../support/documents.ts';

const text = readDocument('docs/charts.md');
const wordsIn = (table: string) => tableOf(table).map(([word]) => word);

test('the document on charts has every type and every field of a spec, and no other', () => {
  const [, types = '', spec = ''] = text.split(/^## /m).map((part) => part);
  expect(wordsIn(types)).toEqual([...chartTypes]);
  const { formats, ...fields } = ChartSpec.properties;
  const [specFields = '', formatFields = ''] = spec.split('A format has any of these:');
  expect(wordsIn(specFields)).toEqual([...Object.keys(fields), 'formats']);
  const format = Object.values(formats.patternProperties)[0] as { properties: object };
  expect(wordsIn(formatFields)).toEqual(Object.keys(format.properties));
});
