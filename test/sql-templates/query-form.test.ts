import { describe, expect, test } from 'vitest';
import { formFields } from '../../src/sql-templates/form-field-shape.ts';
import { effectiveParameters, reportForm } from '../../src/sql-templates/parameters.ts';
import { parseTemplate } from '../../src/sql-templates/query-template.ts';

const withForm = (form: string) => parseTemplate(`SELECT 1\n{% form %}\n${form}\n{% endform %}`);
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
    ['just text', 'A form consists of fields', 2],
    ['x: text', 'A form consists of fields', 2],
    ['1x: {}', 'does not begin with a digit', 2],
    ['x: { type: slider }', 'the types are text, number, date, select, multiselect', 2],
    ['x: { type: date, default: 2026-02-30 }', 'which is not a date', 2],
    ['x: { type: number, default: many }', 'which is not a number', 2],
    ['x: { type: select, options: north }', 'write [north, south]', 2],
    ['x: { type: select, options: [[]] }', 'an option without a value', 2],
    ['x: { type: select, options: { labels: name } }', 'values: and labels:', 2],
    ['x: { default: [1, 2] }', 'not one value', 2],
    ['x: { type: number, default: 9007199254740993 }', '"9007199254740993", which is more than', 2],
    ['x: { type: number, default: 0.1234567890123456789 }', 'it must be a whole number up to', 2],
    ['x: { type: number, default: .nan }', 'has the default ".nan", which is not a number', 2],
    ['x: { type: number, default: 1_000 }', 'has the default "1_000", which is not a number', 2],
    ['x: { label: "\\uD83D" }', 'has the label "\\ud83d", which contains U+D83D', 2],
    ['x: { description: "a\\0b" }', 'has the description "a\\u0000b", which contains U+0000', 2],
    ['x: { type: select, options: [["\\uDE00", n]] }', 'has the options.0.label "\\ude00"', 2],
    ['x: { type: select, options: { values: "\\0" } }', 'has the optionColumns.values', 2],
    ['x: { type: multiselect, default: [a, "\\uD83D"] }', 'has the default.1 "\\ud83d"', 2],
  ])('%j', (form, message, line) => {
    const refused = expect(() => formOf(form));
    const error = { name: 'QueryTemplateError', line, message: expect.stringContaining(message) };
    refused.toThrow(expect.objectContaining(error));
  });
});

describe('a text that became a number', () => {
  test.each([
    ['01234', '01234'],
    ['-0', '-0'],
    ['+1', '+1'],
    ['1e3', '1e3'],
    ['0x1F', '0x1F'],
    ['0o17', '0o17'],
    ['1_000', '1_000'],
    ['.5', '.5'],
    ['1.50', '1.50'],
    ['.inf', '.inf'],
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['2024-01-01', '2024-01-01'],
    ['12:30', '12:30'],
    ['yes', 'yes'],
    ['True', 'True'],
    ["'7'", '7'],
    ['7', 7],
    ['-1.5', -1.5],
    ['true', true],
    ['null', null],
  ])('is kept as the form has it: %s', (source, value) => {
    expect(formOf(`a: { type: text, default: ${source} }`)).toMatchObject([{ default: value }]);
    if (value === null) return;
    const options = [{ label: 'x', value }];
    expect(formOf(`a: { type: select, options: [[x, ${source}]] }`)).toMatchObject([{ options }]);
  });

  test('is kept in a list beside other numbers, which are texts too', () => {
    const form = `
zips: { type: multiselect, options: [01234, [Two, 12345], all], default: [01234, 12345] }
zip: { type: select, options: [01234, 12345], default: 12345 }
year: { type: select, options: [Any, 1998], default: 1998 }`;
    const template = withForm(form);
    expect(effectiveParameters([template], {})).toEqual({
      zips: ['01234', '12345'],
      zip: '12345',
      year: 1998,
    });
    expect(effectiveParameters([template], { zip: 12345, zips: '01234' })).toMatchObject({
      zip: '12345',
      zips: ['01234'],
    });
    expect(() => effectiveParameters([template], { zip: 1234 })).toThrow('one of 01234, 12345');
  });

  test('is kept as it is given', () => {
    const template = withForm('zip: { default: 12345 }\nname: {}');
    for (const zip of ['01234', '1e3', '1.50', ' 7', '12345678901234567890'])
      expect(effectiveParameters([template], { zip, name: zip })).toEqual({ zip, name: zip });
    expect(effectiveParameters([template], { zip: '7' })).toMatchObject({ zip: 7 });
  });

  test('is true where it says that a field is required, however it is written', () => {
    expect(formOf('x: { required: TRUE }')).toMatchObject([{ required: true }]);
  });
});

test('a number without a form that is more than JavaScript keeps is refused by name', () => {
  const template = parseTemplate('SELECT {{ x }}');
  for (const x of [2 ** 53, [1, -(2 ** 60)], 1e300])
    expect(() => effectiveParameters([template], { x })).toThrow('send longer ones as text');
  const x = '12345678901234567890';
  expect(effectiveParameters([template], { x })).toEqual({ x });
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
    ['rows', '12345678901234567890', 'takes a whole number up to 9007199254740991, or a decimal'],
    ['rows', '0.1234567890123456789', 'not "0.1234567890123456789".'],
    ['rows', 9007199254740994, 'not "9007199254740994".'],
    ['rows', [1], 'takes one value'],
    ['region', 'west', 'The parameter region takes one of n, s, not "west".'],
    ['years', [1998, 2000], 'takes one of 1998, 1999'],
    ['owner', '', 'The parameter owner is required: set a value.'],
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
  expect(() => effectiveParameters([form], { m: 'all' })).toThrow('add the options to the form');
});

test('the forms of all queries are one, which all of them may use, beside names that no form has', () => {
  const other = parseTemplate(
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
  expect(() => effectiveParameters([parseTemplate('SELECT 1')], { x: 1 })).toThrow('it has none');
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
