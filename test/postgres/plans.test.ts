import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { batch } from '../../src/database/postgres-batch.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { importInventory } from '../../src/import/import-inventory.ts';
import { WHOLE } from '../../src/import/source-list.ts';
import { lists } from '../../src/inventory/lists.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization } from '../support/workplace.ts';

/** What was in a store when somebody last counted its rows. */
type Counted = { title: string; organizations: number; rows: number };

const UNCOUNTED: Counted = { title: 'a new store', organizations: 0, rows: 0 };
const COUNTED: Counted[] = [
  UNCOUNTED,
  { title: 'two rows', organizations: 1, rows: 2 },
  { title: 'many organizations of two rows each', organizations: 500, rows: 2 },
  { title: 'one large organization', organizations: 1, rows: 10_000 },
];

/** A store in which there was something when its rows were last counted. */
async function openStore({ organizations, rows }: Counted) {
  const url = (await newDatabaseUrl()) as string;
  const database = openPostgres(url);
  onTestFinished(() => database.close());
  await database.migrate();
  if (organizations > 0) {
    await database.run(
      `insert into organizations (id, username, name, created_at, epoch, last_own_id)
       select 1000 + number, 'other-' || number, '', '', '', 0 from generate_series(1, ${organizations}) number`,
    );
    await database.run(
      `insert into discovery_rows (organization_id, list, slot, changed, id, token, personal, was_shared, body)
       select id, ${lists.members.number}, number, number, number, number::text, 0, 1, '{}'
       from organizations, generate_series(1, ${rows}) number`,
    );
    await database.run('vacuum analyze discovery_rows');
  }
  return { url, database, acme: await makeOrganization(database) };
}

/** Says how the store does a statement once the first rows of an organization have been written, which nobody has counted. */
async function openNew(
  counted = UNCOUNTED,
): Promise<(text: string, values: unknown[]) => Promise<string>> {
  const { url, database, acme } = await openStore(counted);
  const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
  await putRows(
    database,
    acme,
    lists.reports,
    numbers.map((number) => reportRow(number)),
  );
  const client = await connect(url);
  return async (text, values) => {
    const { rows } = await client.query({ text: `explain ${text}`, values });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test.each(COUNTED)(
  'after $title, the first rows of an organization are found by their index, where an import read the whole list for each',
  async (counted) => {
    const planOf = await openNew(counted);
    const exists = '(body is not null or archived_body is not null)';
    const values = { token: 'a', id: 1, slot: 1, parent: 1 };
    for (const [column, value] of Object.entries(values)) {
      const sql = `select slot from discovery_rows where organization_id = ? and list = ? and ${column} = ? and ${exists}`;
      const many = batch(sql, Array(1000).fill([1, lists.reports.number, value]));
      expect(await planOf(many.text, many.values), column).toMatch(
        new RegExp(`Index Cond: .*\\(${column} = one\\.value_3\\)`),
      );
    }
    const children = `select slot from discovery_rows where organization_id = ? and parent = ? and ${exists}`;
    const many = batch(children, Array(1000).fill([1, 1]));
    expect(await planOf(many.text, many.values)).toMatch(/Index Cond: .*\(parent = one\.value_2\)/);
  },
);

/** How many entries of indexes and rows of tables a store reads while reports with queries are imported twice. */
async function countReads(counted: Counted): Promise<number> {
  const { url, acme } = await openStore(counted);
  const client = await connect(url);
  const read = async (): Promise<number> => {
    const { rows } = await client.query(
      `select (select sum(idx_tup_read) from pg_stat_user_indexes where schemaname = current_schema)
         + (select sum(seq_tup_read) from pg_stat_user_tables where relname = 'discovery_rows' and schemaname = current_schema)
         as count`,
    );
    return Number(rows[0].count);
  };
  const before = await read();
  const importer = openPostgres(url);
  for (const name of ['First', 'Second']) await importReports(importer, acme, name);
  await importer.close();
  // What a connection has read is counted once it has ended.
  for (let last = before; ; await sleep(100)) {
    const now = await read();
    if (now > before && now === last) return now - before;
    last = now;
  }
}

async function importReports(database: Database, acme: Organization, name: string): Promise<void> {
  const numbers = Array.from({ length: 1500 }, (_, index) => index + 1);
  const reports = numbers.map((number) =>
    reportRow(number, { name, space_id: 1, space_token: 'a' }),
  );
  const queries = reports.map(({ id, token }) => ({
    id,
    token: `query-${id}`,
    report_id: id,
    report_token: token,
  }));
  const rowsOf = (rows: readonly object[]) => ({
    ...{ proof: WHOLE, includesPersonal: true, count: undefined },
    rows: () => rows.map((row, index) => ({ row, where: `row ${index + 1}` })),
  });
  await importInventory(
    database,
    acme,
    {
      sourceName: 'there',
      lists: [
        { list: lists.reports, ...rowsOf(reports) },
        { list: lists.queries, ...rowsOf(queries) },
      ],
    },
    { keepMissing: false },
    { clock: systemClock, identifiers: randomIdentifiers },
  );
}

test('an import read far more once the rows of an almost empty store had been counted', async () => {
  const uncounted = await countReads(UNCOUNTED);
  for (const counted of COUNTED.slice(1)) {
    expect((await countReads(counted)) / uncounted, counted.title).toBeLessThan(4);
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
