import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import { parseTemplate, renderQuery } from '../../src/sql-templates/query-template.ts';
import { tokenizeSql } from '../../src/sql-templates/sql-tokens.ts';
import { rounds } from '../support/rounds.ts';

type Name = keyof typeof kinds;
const dialects = Object.keys(kinds) as Name[];

/** What has broken out of quotes, comments and names somewhere, and any other text. */
const hostile = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...[
          "'",
          "''",
          '"',
          '`',
          '\\',
          "\\'",
          '--',
          '#',
          '/*',
          '*/',
          ';',
          '$$',
          '$1',
          '$tag$',
          '?',
          ':x',
          '@x',
          '[',
          ']',
          '(',
          ')',
        ],
        ...[
          '\n',
          '\r',
          '\u2019',
          '\u02bc',
          '\u202e',
          "E'",
          '||',
          '{{ y }}',
          '{% raw %}',
          'UNION SELECT',
          ' OR 1=1',
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
  // A zero byte and half a character are refused before.
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom("'", '\\').map((sign) => sign.repeat(10_000)),
);

/** The SQL and its tokens, or why there is none: either way the same for every value. */
function outcomeOf(query: string, x: string, name: Name): unknown {
  try {
    const { dialect } = kinds[name];
    const { sql } = renderQuery(parseTemplate(query), { x, xs: [x, x] }, { dialect });
    return { sql, tokens: tokenizeSql(sql, dialect.reading) };
  } catch (error) {
    return { message: (error as Error).message };
  }
}

const everywhere = `
  SELECT '{{ x }}', {{ x }}, 'it''s {{ x }}, {{ x | upcase }}' AS "a ""name""", \`ticked\` -- {{ x }}
  FROM t /* {{ x }} */ WHERE a IN ({{ xs }}) AND b IN ('{{ xs }}') AND c LIKE '%{{ x | append: "'" }}%'
  {% assign y = x | prepend: "--" %} AND d = {{ y }} {% for each in xs %} OR e = '{{ each }}' {% endfor %}
  {% capture z %}{{ x }}'{% endcapture %} OR f = '{{ z }}' OR f = {{ xs | join: "', '" }}
  /*{{ x }}*/ LIMIT {{ x }}`;

test.each(dialects)('a value never changes the tokens of the SQL in %s', (dialect) => {
  const expected = outcomeOf(everywhere, 'harmless', dialect);
  expect(expected).toHaveProperty('sql');
  fc.assert(
    fc.property(hostile, (x) => {
      expect(outcomeOf(everywhere, x, dialect)).toEqual(expected);
    }),
    { numRuns: rounds({ usual: 200, full: 1000 }) },
  );
});

test('nor does it in a query of any shape', () => {
  const pieces = [
    ...[
      "'",
      '"',
      '`',
      '--',
      '#',
      '/*',
      '*/',
      '\\',
      '$$',
      '$t$',
      "E'",
      '[',
      ']',
      '\n',
      ' ',
      '.',
      ',',
      '(',
      ')',
      ';',
      '||',
    ],
    ...[
      'select ',
      ' from t',
      ' in ',
      'x',
      '1',
      "'a'",
      '{{ x }}',
      '{{ x }}',
      '{{ xs }}',
      "'{{ x }}'",
      '{{ x | upcase }}',
    ],
  ];
  const query = fc
    .array(fc.constantFrom(...pieces), { maxLength: 14 })
    .map((all) => `select ${all.join('')}`);
  fc.assert(
    fc.property(query, hostile, fc.constantFrom(...dialects), (text, x, dialect) => {
      expect(outcomeOf(text, x, dialect)).toEqual(outcomeOf(text, 'harmless', dialect));
    }),
    { numRuns: rounds({ usual: 600, full: 3000 }) },
  );
});

const arriving =
  "SELECT '{{ x }}' AS quoted, {{ x }} AS bare, '<{{ x }}>' AS inside, {{ x }} IN ({{ xs }}) AS found -- {{ x }}";

/** No NUL and no half of a character: the engines themselves change or refuse those. */
const arrivable = hostile.map((text) => text.replaceAll('\0', '').toWellFormed());

test('values arrive whole in DuckDB', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await fc.assert(
    fc.asyncProperty(arrivable, async (x) => {
      const parameters = { x, xs: ['other', x] };
      const { sql, values } = renderQuery(parseTemplate(arriving), parameters, {
        dialect: kinds.duckdb.dialect,
      });
      const reader = await connection.runAndReadAll(sql, values);
      expect(reader.getRows()).toEqual([[x, x, `<${x}>`, true]]);
    }),
    { numRuns: rounds({ usual: 50, full: 200 }) },
  );
  connection.closeSync();
  instance.closeSync();
});

test('values arrive whole in SQLite', () => {
  const database = new Database(':memory:');
  fc.assert(
    fc.property(arrivable, (x) => {
      const parameters = { x, xs: ['other', x] };
      const { sql, values } = renderQuery(parseTemplate(arriving), parameters, {
        dialect: kinds.sqlite.dialect,
      });
      const row = database
        .prepare(sql)
        .raw()
        .get(...values);
      expect(row).toEqual([x, x, `<${x}>`, 1]);
    }),
    { numRuns: rounds({ usual: 50, full: 200 }) },
  );
  database.close();
});
