import { describe, expect, test } from 'vitest';
import type { FormField, Run } from '../../web/src/api/run.ts';
import { readReportSearch, searchOf, valuesIn } from '../../web/src/pages/report/report-search.ts';
import { hasValues, saidValues, valuesOf } from '../../web/src/pages/report/run-values.ts';

const field = (name: string, more: Partial<FormField> = {}): FormField => ({
  name,
  label: name.toUpperCase(),
  type: 'text',
  description: null,
  default: null,
  value: null,
  options: null,
  options_from: null,
  required: false,
  ...more,
});
const options = ['n', 's', 'w', 'e'].map((value) => ({ value, label: `Region ${value}` }));
const region = field('region', { type: 'multiselect', options, default: ['n'], value: ['n'] });
const year = field('year', {
  type: 'select',
  options: [{ value: 2025, label: '2025' }],
  value: 2025,
});
const least = field('least', { type: 'number', default: 10, value: 10 });

describe('the values of a form', () => {
  test('are those that were edited, then those of the address, of the run, of the form', () => {
    const fields = [field('a'), field('b'), field('c', { value: 'own' }), least];
    const ran = { a: 'ran', b: 'ran', least: 3 };
    expect(valuesOf(fields, { a: 'edited' }, { b: 'given' }, ran)).toEqual({
      a: 'edited',
      b: 'given',
      c: 'own',
      least: 3,
    });
    expect(valuesOf([field('a', { value: 'own' })], { a: null }, { a: 'given' })).toEqual({
      a: null,
    });
  });

  test('are as the field takes them, and the form’s own where it does not', () => {
    expect(valuesOf([field('a')], { a: 12 })).toEqual({ a: '12' });
    expect(valuesOf([least], { least: '3' })).toEqual({ least: 3 });
    expect(valuesOf([least], { least: 'many' })).toEqual({ least: 10 });
    expect(valuesOf([year], { year: '2025' })).toEqual({ year: 2025 });
    expect(valuesOf([year], { year: 1999 })).toEqual({ year: 2025 });
    expect(valuesOf([region], { region: 's' })).toEqual({ region: ['s'] });
    expect(valuesOf([region], { region: ['s', 'gone'] })).toEqual({ region: ['n'] });
    expect(valuesOf([field('constructor')])).toEqual({ constructor: null });
  });
});

test('a run had the values of a form, whichever of text and number they are kept as', () => {
  const five = field('five', { default: 5, value: 5 });
  const has = (parameters: Run['parameters'], values: Run['parameters'], ...fields: FormField[]) =>
    hasValues({ parameters }, fields, values);
  expect(has({ five: 5 }, valuesOf([five]), five)).toBe(true);
  expect(has({ five: 5 }, valuesOf([five], { five: '6' }), five)).toBe(false);
  expect(has({ region: ['s', 'n'] }, { region: ['n', 's'] }, region)).toBe(true);
  expect(has({}, { five: '5' }, five)).toBe(false);
  expect(has({ least: 3 }, valuesOf([least], { least: '3' }), least)).toBe(true);
  for (const text of ['3.0', '9007199254740993'])
    expect(valuesOf([least], { least: text })).toEqual({ least: text });
});

describe('the address of a run', () => {
  const run = (parameters: Run['parameters'], fields: FormField[]) => ({
    token: '123456789012',
    parameters,
    form_fields: fields,
  });

  test('has the values that are not the form’s defaults, and is read as it was written', () => {
    const search = searchOf(
      run({ region: ['s', 'w'], least: 10, free: '01' }, [region, least]),
      'runs',
    );
    expect(search).toEqual({
      run: '123456789012',
      panel: 'runs',
      param_region: ['s', 'w'],
      param_free: '01',
    });
    expect(readReportSearch(search)).toEqual(search);
    expect(valuesIn(search)).toEqual({ region: ['s', 'w'], free: '01' });
  });

  test('has no value that no parameter has', () => {
    expect(readReportSearch({ param_a: { b: 1 }, param_c: [[1]], panel: 'none', x: 1 })).toEqual({
      run: undefined,
      panel: undefined,
    });
  });
});

test('the values of a run are said by the labels of its form', () => {
  const said = (parameters: Run['parameters'], ...fields: FormField[]) =>
    saidValues({ parameters, form_fields: fields }).map(({ label, text }) => `${label}: ${text}`);
  expect(said({ region: ['s', 'w'], free: 1 }, region)).toEqual([
    'REGION: Region s, Region w',
    'free: 1',
  ]);
  expect(said({ region: ['n', 's', 'w', 'e'] }, region)).toEqual(['REGION: all']);
  expect(said({ a: ['1', '2', '3', '4', '5'] }, field('a'))).toEqual(['A: 1, 2, 3 and 2 more']);
  expect(said({ a: null, b: [] }, field('a'), field('b'))).toEqual(['A: –', 'B: –']);
  expect(said({ day: '2026-01-31' }, field('day', { type: 'date' }))).toEqual([
    'DAY: Jan 31, 2026',
  ]);
});
