import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { lists } from '../../src/inventory/lists.ts';
import type { Filled, Store } from '../store.ts';

const ROWS_AT_ONCE = 1000;
const { fields } = lists.reports;

/** The reports of an organization and its token as the plain server keeps them, in a file of SQLite. */
export function makePlainSqlite(from: Store, organization: Filled, path: string): void {
  const target = new Sqlite(path);
  target.exec(tables({ integer: 'integer', time: 'text' }));
  target.prepare('insert into organizations values (1, ?)').run(organization.name);
  target
    .prepare('insert into tokens values (?, 1, ?)')
    .run(organization.token.token, hashOf(organization));
  const insert = target.prepare(`insert into reports values (1, ${fields.map(() => '?')})`);
  target.transaction(() => {
    for (const rows of reportsOf(from, organization)) {
      for (const row of rows) insert.run(Object.values(row));
    }
  })();
  target.exec('analyze');
  target.close();
}

/** The same in a schema of PostgreSQL; answers the URL under which the plain server finds it. */
export async function makePlainPostgres(
  from: Store,
  organization: Filled,
  url: string,
): Promise<string> {
  const plain = new URL(url);
  plain.searchParams.set('options', '-c search_path=plain');
  const client = new pg.Client({ connectionString: plain.href });
  await client.connect();
  try {
    await client.query('create schema plain');
    await client.query(tables({ integer: 'bigint', time: 'timestamptz' }));
    await client.query('insert into organizations values (1, $1)', [organization.name]);
    await client.query('insert into tokens values ($1, 1, $2)', [
      organization.token.token,
      hashOf(organization),
    ]);
    for (const rows of reportsOf(from, organization)) {
      const withOrganization = rows.map((row) => ({ organization_id: 1, ...row }));
      await client.query(
        'insert into reports select * from json_populate_recordset(null::reports, $1)',
        [JSON.stringify(withOrganization)],
      );
    }
    await client.query('vacuum analyze reports');
  } finally {
    await client.end();
  }
  return plain.href;
}

function tables(types: { integer: string; time: string }): string {
  const columns = fields.map(({ name, type }) => {
    const key = name === 'id' ? ' primary key' : '';
    return `${name} ${type === 'integer' ? types.integer : type === 'time' ? types.time : 'text'}${key}`;
  });
  return `
    create table organizations (id ${types.integer} primary key, username text not null unique);
    create table tokens (token text primary key, organization_id ${types.integer} not null, secret_hash text not null);
    create table reports (organization_id ${types.integer} not null, ${columns.join(', ')});
    create index reports_organization on reports (organization_id, id);`;
}

function hashOf({ token: { access_key: key, access_secret: secret } }: Filled): string {
  return createHash('sha256').update(`${key}:${secret}`).digest('hex');
}

/** The reports as Rollcall keeps them on SQLite, some at a time. */
function* reportsOf({ dataDir }: Store, { name }: Filled): Generator<Record<string, unknown>[]> {
  const source = new Sqlite(join(dataDir, 'rollcall.sqlite'), { readonly: true });
  const select = source.prepare(
    `select slot, body from discovery_rows
       where organization_id = (select id from organizations where username = ?) and list = ? and slot > ?
         and body is not null order by slot limit ?`,
  );
  for (let slot = 0; ; ) {
    const rows = select.all(name, lists.reports.number, slot, ROWS_AT_ONCE) as {
      slot: number;
      body: Buffer;
    }[];
    if (rows.length === 0) break;
    yield rows.map(({ body }) => JSON.parse(String(body)));
    slot = rows.at(-1)?.slot as number;
  }
  source.close();
}
