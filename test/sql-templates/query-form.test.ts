import { describe, expect, test } from 'vitest';
import { formFields } from '../../src/sql-templates/form-field-shape.ts';
import { effectiveParameters, reportForm } from '../../src/sql-templates/parameters.ts';
import { parseQuery } from '../../src/sql-templates/query-template.ts';

const withForm = (form: string) => parseQuery(`SELECT 1\n{% form %}\n${form}\n{% endform %}`);
const formOf = (form: string) => withForm(form).form;

const sales = withForm(`
start_date: { type: date, default: '2026-01-01', label: From }
acquired_year: { default: 2013, description: The year. }
rows: { type: number, default: '10' }
region: { type: select, options: [[North, n], [South, s]], default: n }
years: { type: multiselect, options: [1998, 1999], default: all }
city: { type: select, options: { values: id, labels: name } }
owner: { type: text, required: true }
`);

test('a form is read, with what it leaves out', () => {
  const field = { description: null, options: null, optionColumns: null, required: false };
  expect(sales.form).toEqual([
    { ...field, name: 'start_date', type: 'date', label: 'From', default: '2026-01-01' },
    {
      ...field,
      name: 'acquired_year',
      type: 'text',
      label: 'Acquired Year',
      default: 2013,
      description: 'The year.',
    },
    { ...field, name: 'rows', type: 'number', label: 'Rows', default: 10 },
    {
      ...field,
      ...{ name: 'region', type: 'select', label: 'Region', default: 'n' },
      options: [
        { value: 'n', label: 'North' },
        { value: 's', label: 'South' },
      ],
    },
    {
      ...field,
      ...{ name: 'years', type: 'multiselect', label: 'Years', default: ['all'] },
      options: [
        { value: 1998, label: '1998' },
        { value: 1999, label: '1999' },
      ],
    },
    {
      ...field,
      ...{ name: 'city', type: 'select', label: 'City', default: null },
      optionColumns: { values: 'id', labels: 'name' },
    },
    { ...field, name: 'owner', type: 'text', label: 'Owner', default: null, required: true },
  ]);
});

describe('a form is refused', () => {
  test.each([
    ['x:\n\ttype: text', 'Tabs are not allowed', 4],
    ['x: 1\nx: 2', 'must be unique', 4],
    ['just text', 'A form holds fields', 2],
    ['x: text', 'A form holds fields', 2],
    ['1x: {}', 'begins with no digit', 2],
    ['x: { type: slider }', 'the types are text, number, date, select, multiselect', 2],
    ['x: { type: date, default: 2026-02-30 }', 'which is no date', 2],
    ['x: { type: number, default: many }', 'which is no number', 2],
    ['x: { type: select, options: north }', 'write [north, south]', 2],
    ['x: { type: select, options: [[]] }', 'an option without a value', 2],
    ['x: { type: select, options: { labels: name } }', 'values: and labels:', 2],
    ['x: { default: [1, 2] }', 'not one value', 2],
    ['x: { default: 12345678901234567890 }', 'has 12345678901234567000, which', 2],
    ['x: { default: .inf }', 'has Infinity, which', 2],
    ['x: { type: number, default: .nan }', 'has the default NaN, which is no number', 2],
    ['x: { type: select, options: [[Ann, 9007199254740993]] }', 'put it in quotes', 2],
    ['x: { type: multiselect, default: [1, -.inf] }', 'has -Infinity, which', 2],
    ['x: { label: "\\uD83D" }', 'has the label "\\ud83d", which holds U+D83D', 2],
    ['x: { description: "a\\0b" }', 'has the description "a\\u0000b", which holds U+0000', 2],
    ['x: { type: select, options: [["\\uDE00", n]] }', 'has the options.0.label "\\ude00"', 2],
    ['x: { type: select, options: { values: "\\0" } }', 'has the optionColumns.values', 2],
    ['x: { type: multiselect, default: [a, "\\uD83D"] }', 'has the default.1 "\\ud83d"', 2],
  ])('%j', (form, message, line) => {
    const refused = expect(() => formOf(form));
    const error = { name: 'QueryTemplateError', line, message: expect.stringContaining(message) };
    refused.toThrow(expect.objectContaining(error));
  });
});

test('defaults are taken where nothing is given', () => {
  expect(effectiveParameters([sales], { owner: 'Ann' })).toEqual({
    start_date: '2026-01-01',
    acquired_year: 2013,
    rows: 10,
    region: 'n',
    years: [1998, 1999],
    city: null,
    owner: 'Ann',
  });
});

test('values that are given become what the form says they are', () => {
  const given = {
    acquired_year: '2014',
    rows: '5.5',
    region: 's',
    years: '1999',
    city: 'x7',
    owner: 12,
  };
  expect(effectiveParameters([sales], given)).toEqual({
    start_date: '2026-01-01',
    acquired_year: 2014,
    rows: 5.5,
    region: 's',
    years: [1999],
    city: 'x7',
    owner: '12',
  });
  expect(
    effectiveParameters([sales], { owner: 'Ann', rows: '', region: null, years: [] }),
  ).toMatchObject({
    rows: null,
    region: null,
    years: [],
  });
});

describe('a value is refused', () => {
  test.each<[string, unknown, string]>([
    [
      'start_date',
      '2026-02-30',
      'The parameter start_date takes a date like 2026-01-31, not "2026-02-30".',
    ],
    ['start_date', 20260101, 'takes a date'],
    ['rows', 'ten', 'The parameter rows takes a number, not "ten".'],
    ['rows', '12345678901234567890', 'takes a number'],
    ['rows', [1], 'takes one value'],
    ['region', 'west', 'The parameter region takes one of n, s, not "west".'],
    ['years', [1998, 2000], 'takes one of 1998, 1999'],
    ['owner', '', 'The parameter owner is required: give it a value.'],
    ['owner', { a: 1 }, 'takes one value'],
    ['city', { a: 1 }, 'takes one value'],
    [
      'regoin',
      'n',
      'The report has no parameter "regoin"; its parameters are start_date, acquired_year',
    ],
    ['__proto__', 'n', 'The report has no parameter "__proto__"'],
  ])('%s: %j', (name, value, message) => {
    const refused = expect(() =>
      effectiveParameters(
        [sales],
        Object.fromEntries([
          ['owner', 'Ann'],
          [name, value],
        ]),
      ),
    );
    const error = {
      name: 'ParameterError',
      parameter: name,
      message: expect.stringContaining(message),
    };
    refused.toThrow(expect.objectContaining(error));
  });
});

test('a default that is no option may be given too, and all only where the options are listed', () => {
  const form = withForm(
    'r: { type: select, options: [n, s], default: Any }\nm: { type: multiselect, options: { values: id } }',
  );
  expect(effectiveParameters([form], { r: 'Any', m: ['x'] })).toEqual({ r: 'Any', m: ['x'] });
  expect(() => effectiveParameters([form], { m: 'all' })).toThrow(
    'write the options into the form',
  );
});

test('the forms of all queries are one, which all of them may use, beside names that no form has', () => {
  const other = parseQuery(
    "SELECT {{ region }}, {{ free }}, '{{ rows | plus: 1 }}' {% for x in list %}{{ x }}{% endfor %}\n{% form %}\nrows:\nnew: { default: 1 }\n{% endform %}",
  );
  const templates = [sales, other];
  expect(reportForm(templates).map(({ name }) => name)).toEqual([
    ...sales.form.map(({ name }) => name),
    'new',
  ]);
  const given = { owner: 'Ann', free: 3, list: ['a', 1, null] };
  expect(effectiveParameters(templates, given)).toMatchObject({
    rows: 10,
    new: 1,
    free: 3,
    list: ['a', 1, null],
  });
  expect(() => effectiveParameters(templates, { ...given, free: { a: 1 } })).toThrow(
    'The parameter free takes a text',
  );
  expect(() => effectiveParameters([parseQuery('SELECT 1')], { x: 1 })).toThrow('it has none');
});

test('a run carries its form with the values that it has', () => {
  const [first, ...others] = formFields(sales.form, effectiveParameters([sales], { owner: 'Ann' }));
  expect(first).toEqual({
    name: 'start_date',
    label: 'From',
    type: 'date',
    description: null,
    default: '2026-01-01',
    value: '2026-01-01',
    options: null,
    options_from: null,
    required: false,
  });
  expect(others.find(({ name }) => name === 'years')).toMatchObject({
    default: ['all'],
    value: [1998, 1999],
  });
});
