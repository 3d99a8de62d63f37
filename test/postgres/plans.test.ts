import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../../src/database/postgres.ts';
import { batch } from '../../src/database/postgres-batch.ts';
import { lists } from '../../src/inventory/lists.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization } from '../support/workplace.ts';

/** A new database in which the first rows have just been written, and nobody has gathered statistics of them. */
async function openNew(): Promise<(text: string, values: unknown[]) => Promise<string>> {
  const url = (await newDatabaseUrl()) as string;
  const database = openPostgres(url);
  onTestFinished(() => database.close());
  await database.migrate();
  const acme = await makeOrganization(database);
  const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
  await putRows(
    database,
    acme,
    lists.reports,
    numbers.map((number) => reportRow(number)),
  );
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return async (text, values) => {
    const { rows } = await client.query({ text: `explain ${text}`, values });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
}

test('the first rows are found by their index, where an import read the whole list for each', async () => {
  const planOf = await openNew();
  const values = { token: 'a', id: 1, slot: 1, parent: 1 };
  for (const [column, value] of Object.entries(values)) {
    const sql = `select slot from discovery_rows where organization_id = ? and list = ? and ${column} = ? and body is not null`;
    const one = [1, lists.reports.number, value];
    const many = batch(sql, Array(1000).fill(one));
    expect(await planOf(many.text, many.values), column).toMatch(
      new RegExp(`Index Cond: .*\\(${column} = one\\.value_3\\)`),
    );
  }
});

test('the next rows of a list are read in order, and not sorted', async () => {
  const planOf = await openNew();
  for (const column of ['slot', 'changed']) {
    const plan = await planOf(
      `select slot, body from discovery_rows where organization_id = $1 and list = $2 and ${column} > $3 order by ${column} limit $4`,
      [1, lists.reports.number, 0, 1000],
    );
    expect(plan).toMatch(new RegExp(`Index Cond: .*\\(${column} > `));
    expect(plan).not.toContain('Sort');
  }
});

test('what was removed is found by its token, and not by looking through all that was', async () => {
  const planOf = await openNew();
  const plan = await planOf(
    'select slot from discovery_rows where organization_id = $1 and list = $2 and token = $3 and removed_at is not null',
    [1, lists.reports.number, 'a'],
  );
  expect(plan).toMatch(/Index Cond: .*token = /);
});
