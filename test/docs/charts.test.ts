import { expect, test } from 'vitest';
import { ChartSpec } from '../../src/charts/chart-spec.ts';
import { chartTypes } from '../../src/charts/chart-types.ts';
import { PATTERN_TOKENS } from '../../src/charts/time-pattern.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';

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

test('and every token of a pattern of dates', () => {
  const named = [...sectionOf(text, '## Dates and times').matchAll(/^\| (`.*`) \|/gm)]
    .flatMap(([, tokens = '']) => tokens.split(', '))
    .map((token) => token.replaceAll('`', ''));
  expect(named.toSorted()).toEqual(PATTERN_TOKENS.toSorted());
});
