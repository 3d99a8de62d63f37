import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import type { Parameters } from '../../src/sql-templates/parameter-value.ts';
import { parseTemplate, renderQuery } from '../../src/sql-templates/query-template.ts';

type Name = keyof typeof kinds;

function render(query: string, parameters: Parameters = {}, name: Name = 'duckdb') {
  return renderQuery(parseTemplate(query), parameters, kinds[name]);
}

describe('a value is bound', () => {
  test.each<[Name, string]>([
    ['duckdb', "SELECT $1, $2, ('it''s ' || $3 || '%')"],
    ['postgresql', "SELECT $1, $2, ('it''s ' || $3 || '%')"],
    ['sqlite', "SELECT ?, ?, ('it''s ' || ? || '%')"],
    ['mysql', "SELECT ?, ?, concat('it''s ', ?, '%')"],
  ])('with the placeholders of %s', (dialect, sql) => {
    const query = "SELECT '{{ x }}', {{ x }}, 'it''s {{ x }}%'";
    expect(render(query, { x: 'a' }, dialect)).toEqual({ sql, values: ['a', 'a', 'a'] });
  });

  test('as text in quotes, as it is without', () => {
    const query = "SELECT '{{ n }}', {{ n }}, '{{ b }}', {{ b }}, '{{ z }}', {{ z }}";
    const { values } = render(query, { n: 7, b: true, z: null });
    expect(values).toEqual(['7', 7, 'true', true, '', null]);
    expect(render('SELECT {{ b }}', { b: false }, 'sqlite').values).toEqual([0]);
  });

  test('with the type of a number where PostgreSQL would guess it', () => {
    const parameters = { xs: [1, 2 ** 40, 1.5], z: null };
    expect(render('SELECT {{ xs }}, {{ z }} IS NULL', parameters, 'postgresql').sql).toBe(
      'SELECT CAST($1 AS integer), CAST($2 AS bigint), CAST($3 AS numeric), CAST($4 AS text) IS NULL',
    );
  });

  test('once for each item of a list, joined or not', () => {
    const xs = ['a', 'b'];
    const two = { sql: 'x IN ($1, $2)', values: xs };
    const filters = ['', "| join: ','", '| join: "\',\'"', "| sort | join: ', '"];
    for (const filter of filters)
      expect(render(`SELECT x IN ({{ xs ${filter} }})`, { xs })).toEqual({
        ...two,
        sql: `SELECT ${two.sql}`,
      });
    for (const places of ['{{ xs }}', "('{{ xs }}')", `('{{ xs | join: "','" }}')`])
      expect(render(`SELECT x IN ${places}`, { xs }).values).toEqual(xs);
    expect(render("SELECT split('{{ xs | join: ',' }}', ',')", { xs }).values).toEqual(['a,b']);
    expect(render('SELECT x IN ({{ xs }})', { xs: [] }).sql).toBe('SELECT x IN (NULL)');
  });

  test('again by the same number where the same expression must be the same to the engine', () => {
    const query = "SELECT f('{{ u }}', at) FROM t WHERE a = '{{ u }}' GROUP BY f('{{ u }}', at)";
    const sql = (second: string) =>
      `SELECT f($1, at) FROM t WHERE a = ${second} GROUP BY f($1, at)`;
    expect(render(query, { u: 'day' }, 'postgresql')).toEqual({
      sql: sql('$2'),
      values: ['day', 'day'],
    });
    expect(render(query, { u: 'day' }, 'mysql').values).toHaveLength(3);
  });

  test('whatever filters, assigns and captures have done to it', () => {
    const query =
      '{% assign y = x | upcase %}{% capture z %}{{ y }}; DROP{% endcapture %}SELECT {{ y | append: "\'" }}, {{ z }}, {{ x | raw }}';
    expect(render(query, { x: "a'" })).toEqual({
      sql: 'SELECT $1, $2, $3',
      values: ["A''", "A'; DROP", "a'"],
    });
  });

  test('after the FROM that begins no tables', () => {
    const query =
      "SELECT extract(year FROM '{{ d }}'::date), substring(a FROM {{ n }} FOR {{ n }}), a IS DISTINCT FROM {{ n }}";
    expect(render(query, { d: '2026-01-01', n: 1 }).values).toEqual(['2026-01-01', 1, 1, 1]);
  });

  test('in typed texts and intervals', () => {
    const query = "SELECT TIMESTAMP '{{ d }} 12:00', INTERVAL '{{ n }} days'";
    const casts = "SELECT CAST(($1 || ' 12:00') AS TIMESTAMP), CAST(($2 || ' days') AS INTERVAL)";
    expect(render(query, { d: '2026-01-01', n: 1 }).sql).toBe(casts);
    expect(render('SELECT INTERVAL {{ n }} DAY', { n: 1 }).sql).toBe('SELECT INTERVAL ($1) DAY');
    expect(render('SELECT INTERVAL {{ n }} DAY', { n: 1 }, 'mysql').sql).toBe(
      'SELECT INTERVAL ? DAY',
    );
  });
});

test('text of the template stays SQL, chosen and repeated by values', () => {
  const query =
    'SELECT {% case by %}{% when "day" %}d{% else %}m{% endcase %} FROM t WHERE 1=0{% for x in xs %} OR x = {{ x }}{% endfor %}';
  expect(render(query, { by: 'day', xs: [1, 2] })).toEqual({
    sql: 'SELECT d FROM t WHERE 1=0 OR x = $1 OR x = $2',
    values: [1, 2],
  });
});

test('comments lose the values in them, known or not', () => {
  const query = '-- {{ x }} {{ gone }} {{ @gone }}\nSELECT 1 /* *{{ x }}/ */';
  expect(render(query, { x: '*/ DROP' })).toEqual({
    sql: '--      \nSELECT 1 /* * / */',
    values: [],
  });
  expect(render('SELECT 1 # {{ x }}', {}, 'mysql').values).toEqual([]);
  expect(render('SELECT 2 /* /* {{ x }} */ {{ x }} */', { x: 1 }, 'postgresql').values).toEqual([]);
});

describe('braces that are none of the template', () => {
  test.each<[string, Name?]>([
    ["SELECT '{{' a, '}}' b"],
    ["SELECT '{{' || x || '}}', '{{'||'|'||'}}'"],
    ["SELECT '{{', 'it''s', '}}'"],
    ["SELECT '{{'"],
    ["SELECT '{{}}', '{{ }}', '{{{}}}', '{{-}}', '{}', '}}', '%}'"],
    ["SELECT 'a' LIKE '{%}', 'a' LIKE '{%', 'a' LIKE '{%%}', 'a' LIKE '{% %}', 'a' LIKE '{%_%}'"],
    ["SELECT a FROM t WHERE a LIKE '{%a' OR a LIKE 'b%}'"],
    ["SELECT '{{a' || b || 'c}}'"],
    ['SELECT \'{{"a":1}}\', \'{{"a": {"b": [1]}}}\', \'{{a: 1}}\''],
    ["SELECT '{{1,2},{3,4}}'::int[], '{{a,b},{c,d}}'::text[], '{{a},{b}}', '{{1}}'", 'postgresql'],
    ["SELECT MAP {{'a': 1}: 2}"],
    ["SELECT $$ {{ }} it's {%}$$, $a$ {{1}}$a$", 'postgresql'],
    ["SELECT E'\\'{{', '}}'", 'postgresql'],
    ["SELECT '\\'{{', '}}'", 'mysql'],
    ['SELECT "{{", "}}", "{%}"'],
    ['SELECT `{{`, `}}`, `{%}`', 'mysql'],
    ["-- it's {{ 100% }}, {% }\nSELECT 1 /* {{ {%' */"],
    ['SELECT {{ 1 }}'],
  ])('are text: %s', (query, dialect) => {
    expect(parseTemplate(query).names).toEqual([]);
    expect(render(query, {}, dialect)).toEqual({ sql: query, values: [] });
  });

  test('do not hide the template beside them', () => {
    const query = `SELECT '{{{ x }}}', '{{"a": "{{ x }}"}}', '{{' || {{ x }} || '}}' -- {%}`;
    expect(render(query, { x: 'v' })).toEqual({
      sql: `SELECT ('{' || $1 || '}'), ('{{"a": "' || $2 || '"}}'), '{{' || $3 || '}}' -- {%}`,
      values: ['v', 'v', 'v'],
    });
  });

  test('may be as many as a query has room for, and take no time', () => {
    for (const part of ["'{{', ", '{%a ', '{{"', '{{ ', "{{'a'", '{{(1', '{{a,']) {
      const query = `SELECT ${part.repeat(100_000 / part.length)}`;
      expect(render(query).sql).toBe(query);
    }
  });

  test('stand between {% raw %} and {% endraw %} whatever they are', () => {
    const query =
      "SELECT '{% raw %}{{ x }} {% if %}{% endraw %}', {{ x }}{%- raw -%}  , '{{a}}'::text[]{%- endraw -%}";
    expect(render(query, { x: 1 })).toEqual({
      sql: "SELECT '{{ x }} {% if %}', $1  , '{{a}}'::text[]",
      values: [1],
    });
    expect(parseTemplate(query).names).toEqual(['x']);
    const captured = '{% capture y %}{% raw %}{{a}}{% endraw %}{% endcapture %}SELECT {{ y }}';
    expect(render(captured).values).toEqual(['{{a}}']);
    const inForm =
      "{% form %}\nx:\n  default: '{% raw %}{{a}}{% endraw %}'\n{% endform %}\nSELECT {{ x }}";
    expect(parseTemplate(inForm).form).toMatchObject([{ default: '{{a}}' }]);
    const inComment = '{% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}SELECT 1';
    expect(render(inComment).sql).toBe('SELECT 1');
  });
});

describe('no value can be bound', () => {
  const names = 'is in a place where SQL expects a name, a keyword or an operator';
  test.each<[string, string, Name?]>([
    ['SELECT * FROM {{ x }}', names],
    ['SELECT * FROM t ORDER BY {{ x }}', names],
    ['SELECT * FROM t ORDER BY a {{ x }}', names],
    ['SELECT a AS {{ x }}', names],
    ["SELECT a AS '{{ x }}'", names],
    ['SELECT a::{{ x }}', names],
    ['SELECT t.{{ x }}', names],
    ['SELECT {{ x }}(a)', names],
    ['SELECT {{ x }}.a', names],
    ['{{ x }}', names],
    ['SELECT 1; {{ x }}', names],
    ['SELECT col_{{ x }}', 'touches the text beside it'],
    ['SELECT {{ x }}{{ x }}', 'touches the text beside it'],
    ["SELECT 'a'{{ x }}", 'touches the text beside it'],
    ["SELECT N'{{ x }}'", 'touches the text beside it'],
    ['SELECT "{{ x }}"', 'is in a quoted name'],
    ['SELECT `{{ x }}`', 'is in a quoted name', 'mysql'],
    ['SELECT [{{ x }}]', 'is in a quoted name', 'sqlite'],
    ['SELECT $$ {{ x }} $$', 'is in a $$ text', 'postgresql'],
    ['SELECT $a$ {{ x }} $a$', 'is in a $$ text', 'postgresql'],
    ["SELECT E'{{ x }}'", "write the text in '...' without the E", 'postgresql'],
    ["SELECT '{{ x }}", 'not closed'],
    ["SELECT '\\{{ x }}'", 'a backslash before', 'mysql'],
    ["SELECT INTERVAL '{{ x }}' DAY", "write INTERVAL '{{ x }} day'", 'postgresql'],
  ])('in %s', (query, message, dialect = 'duckdb') => {
    expect(() => render(query, { x: 'a' }, dialect)).toThrow(message);
  });

  test('as a list inside a longer text, or as what is no value', () => {
    expect(() => render("SELECT 'a {{ x }}'", { x: ['a'] })).toThrow('write IN ({{ x }})');
    expect(() => render('SELECT {{ x | divided_by: 0 }}', { x: 1 })).toThrow('gives Infinity');
  });

  test.each([
    ['{{ x | plus: 0 }}', 'A filter calculates with 9007199254740993; it must be a whole number'],
    ["{{ '0.1234567890123456789' | times: 1 }}", 'calculates with 0.1234567890123456789'],
    ['{{ 9007199254740991 | plus: 2 }}', 'is 9007199254740992, which may not have all'],
    ['{{ 9007199254740991 | plus: 2 | minus: 2 }}', 'calculates with 9007199254740992'],
    ['{{ list | sum }}', 'calculates with 9007199254740993'],
    ['{% assign y = 12345678901234567890 %}{{ y }}', '12345678901234567890 has more digits'],
    ['{{ 0.1234567890123456789 | plus: 0 }}', '0.1234567890123456789 has more digits than'],
    ['{% if z > 9007199254740993 %}1{% endif %}', '9007199254740993 has more digits than'],
  ])('as a number that JavaScript makes another of: %s', (expression, message) => {
    const x = '9007199254740993';
    expect(() => render(`SELECT ${expression}`, { x, z: 1, list: [x, '1'] })).toThrow(message);
  });

  test('but as a text of as many digits as one likes', () => {
    const x = '12345678901234567890';
    expect(render("SELECT {{ x }}, '{{ '12345678901234567890' | append: x }}'", { x })).toEqual({
      sql: 'SELECT $1, $2',
      values: [x, x + x],
    });
    expect(render('SELECT {{ 1.5 | times: 2 | plus: 0.1 | round: 1 }}').values).toEqual([3.1]);
  });
});

describe('a template is refused', () => {
  test.each<[string, string | RegExp, number | undefined]>([
    ['SELECT 1\n{% include "x" %}', '{% include %} is unknown; the tags are form, assign', 2],
    ['SELECT {{ x', 'not closed. For literal braces, write {% raw %} before them', 1],
    ["SELECT '{{ x', 1", 'not closed', 1],
    ["SELECT '{{ x }', 1", 'not closed', 1],
    ["SELECT '{{ start date }}'", '{{ start date }} has no value', 1],
    ["SELECT '{% esle %}'", '{% esle %} is unknown; the tags are form, assign', 1],
    ["SELECT a LIKE '{%abc%}'", 'For literal braces, write {% raw %} before them', 1],
    ['SELECT\n{% raw %} {{ x }}', '{% raw %} is not closed', 2],
    ['{% if x %}', 'not closed', 1],
    ['SELECT {{ x | nosuch }}', 'undefined filter: nosuch', 1],
    ['SELECT 1,\n{{ y }}', '{{ y }} has no value', 2],
    ['\n\nSELECT {{ @sales as s }}', 'There is no definition sales', 3],
    ['{% form %}\nx:\n  type: text', '{% form %} is not closed', 1],
    ['SELECT 1\n\0', 'NUL', 2],
    ['SELECT 1,\n"\ud83d"', 'U+D83D, half a character', 2],
    ["SELECT '{{ '😀' | split: '' | first }}'", 'is a text that contains U+D83D', 1],
    ["SELECT\n{{ '%00' | url_decode }}", 'is a text that contains U+0000', 2],
    ["SELECT IN ({{ 'a😀' | split: '' }})", 'is a text that contains U+D83D', 1],
    [`SELECT '${'a'.repeat(1_000_000)}'`, 'longer than 1000000 characters', undefined],
    ['{{ x }}'.repeat(2_001), 'more than 2000 {{ }} and {% %}', undefined],
    ['SELECT $1', '$1 is a placeholder of the data source', undefined],
    ['{% for i in (1..1000000000) %}a{% endfor %}', 'repeat less in {% for %}', 1],
    ['{% for i in (1..170000) %}SELECT{% endfor %}', /than 1000000 characters|repeat less in/, 1],
    ['SELECT 1{% for i in (1..10001) %}, {{ i }}{% endfor %}', 'more than 10000 values', 1],
  ])('%j', (query, message, line) => {
    const refused = expect(() => render(query, { x: 1 }));
    const containing = (part: string | RegExp) =>
      typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part);
    const error = { name: 'QueryTemplateError', line, message: containing(message) };
    refused.toThrow(expect.objectContaining(error));
  });

  test('in whole characters, wherever Liquid cuts what it quotes', () => {
    for (let length = 0; length < 40; length++) {
      const query = `SELECT {{ x | append: "${'x'.repeat(length)}😀😀😀😀😀😀😀😀😀😀😀😀`;
      expect(() => render(query)).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/\p{Cs}/u) }),
      );
    }
  });

  test('with words that are properties of every object', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'x.constructor'])
      expect(() => render(`SELECT {{ ${name} }}`, { x: 'a' })).toThrow('has no value');
  });
});

test('now is the time of the clock', () => {
  const query = "SELECT '{{ 'now' | date: '%Y-%m-%d %H:%M' }}'";
  const template = parseTemplate(query, () => Date.parse('2026-02-28T23:30:00Z'));
  expect(renderQuery(template, {}, kinds.duckdb).values).toEqual(['2026-02-28 23:30']);
});
