import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import type { Parameters } from '../../src/sql-templates/parameter-value.ts';
import { parseTemplate, renderQuery } from '../../src/sql-templates/query-template.ts';
import { newDatabaseUrl } from '../support/database-url.ts';

async function openTable() {
  const client = new pg.Client({ connectionString: await newDatabaseUrl() });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(
    "create table days as select i, 'n' || i as name, date '2026-01-01' + i as day from generate_series(1, 20) i",
  );
  return async (template: string, parameters: Parameters) => {
    const { sql, values } = renderQuery(parseTemplate(template), parameters, {
      dialect: kinds.postgresql.dialect,
    });
    const { rows } = await client.query({ text: sql, values, rowMode: 'array' });
    return rows;
  };
}

test('PostgreSQL takes every value for what it is', async () => {
  const run = await openTable();
  const hostile = "'\\\"$1 -- */ $$ ; ' || \u2019";
  expect(
    await run("SELECT '{{ x }}', {{ x }}, '<{{ x }}>', '{{ x }}{{ x }}', {{ n }}", {
      x: hostile,
      n: 4,
    }),
  ).toEqual([[hostile, hostile, `<${hostile}>`, hostile + hostile, 4]]);
  expect(
    await run(
      `SELECT max(i), max(i) * {{ factor }} FROM days WHERE day >= '{{ since }}' AND i IN ({{ numbers }}) AND name IN ('{{ names }}')
       AND day < DATE '{{ since }}' + INTERVAL '{{ count }} days' AND ('{{ any }}' = 'All' OR {{ none }} IS NULL) LIMIT {{ count }}`,
      {
        ...{ since: '2026-01-03', numbers: [1, 2, 3], names: ['n2', 'n3'], factor: 1.5 },
        ...{ any: 'All', none: null, count: 9 },
      },
    ),
  ).toEqual([[3, '4.5']]);
});

test('PostgreSQL sees that what is grouped by is what is selected', async () => {
  const run = await openTable();
  const template = `SELECT date_trunc('{{ unit }}', day), CASE WHEN i > {{ most }} THEN 'more' ELSE '{{ other }}' END, count(*) FROM days
    GROUP BY date_trunc('{{ unit }}', day), CASE WHEN i > {{ most }} THEN 'more' ELSE '{{ other }}' END`;
  expect(await run(template, { unit: 'month', most: 5, other: 'few' })).toHaveLength(2);
});
