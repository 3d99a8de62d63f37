import { expect, onTestFinished, test } from 'vitest';
import { bearerOf } from '../../src/access-tokens/access-token.ts';
import { createSignatureToken } from '../../src/access-tokens/create-access-token.ts';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { markFolder } from '../../src/database/store-elsewhere.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { createServer } from '../../src/server.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { readRollcall, runRollcall, runRollcallProcess } from '../support/run-rollcall.ts';
import { makeBasic, makeOrganization, temporaryFolder } from '../support/workplace.ts';

const outside = { clock: systemClock, identifiers: randomIdentifiers };

/** A data folder with two organizations, tokens, removed rows and text of many kinds, and an empty PostgreSQL. */
async function prepare() {
  const dataDir = temporaryFolder();
  const databaseUrl = (await newDatabaseUrl()) as string;
  const sqlite = await openStore({ dataDir });
  const acme = await makeOrganization(sqlite, 'acme');
  await generateInventory(sqlite, acme, { seed: 7, reports: 1500 }, () => undefined);
  await generateInventory(sqlite, acme, { seed: 7, reports: 2500 }, () => undefined);
  const other = await makeOrganization(sqlite, 'other');
  const names = ['Übersicht', '日本語', 'a\u2028b', '👩‍💻', '"\\'];
  await putRows(
    sqlite,
    other,
    lists.reports,
    names.map((name, index) => reportRow(index + 1, { name })),
  );
  const made = { name: 'catalog', memberSlot: null, expiresAt: null };
  const tokens = ['acme', 'other'].map((username) => ({ username, bearer: '' }));
  for (const [index, { id }] of [acme, other].entries()) {
    const token = await sqlite.transaction((store) =>
      createSignatureToken(store, id, made, outside),
    );
    Object.assign(tokens[index] as object, { bearer: bearerOf(token) });
  }
  // Tokens whose order depends on who compares them.
  for (let number = 0; number < 20; number++)
    await makeBasic(sqlite, acme, 'member', `${number}@x.y`);
  const surroundings = { dataDir, env: { ROLLCALL_DATABASE_URL: databaseUrl } };
  return { dataDir, databaseUrl, sqlite, acme, other, tokens, surroundings };
}

/** Status, ETag and body of pages of every list, as a server on this store answers them. */
async function answersOf(
  database: Database,
  databaseUrl: string | undefined,
  tokens: { username: string; bearer: string }[],
) {
  const config = readConfig({
    environment: { ROLLCALL_DATABASE_URL: databaseUrl },
    flags: { logLevel: 'silent' },
    directory: temporaryFolder(),
  });
  const server = await createServer(config, database, outside);
  const answers: unknown[] = [];
  for (const { username, bearer: authorization } of tokens) {
    for (const name of Object.keys(lists) as ListName[]) {
      for (const query of ['?page=1', '?page=3&per_page=100&include_spaces=all']) {
        const url = `/batch/${username}/${name}${query}`;
        const { statusCode, headers, body } = await server.inject({
          url,
          headers: { authorization },
        });
        answers.push([url, statusCode, headers.etag, body]);
      }
    }
  }
  await server.close();
  return answers;
}

test('moves everything, so that every page and ETag is what it was and numbers go on', async () => {
  const { sqlite, databaseUrl, tokens, surroundings } = await prepare();
  const before = await answersOf(sqlite, undefined, tokens);
  expect(before).toHaveLength(24);
  await sqlite.close();

  const moved = await readRollcall<{ organization: string; list: string; rows: number }[]>(
    ['move'],
    surroundings,
  );
  expect(moved).toContainEqual({
    table: 'discovery_rows',
    organization: 'acme',
    list: 'reports',
    rows: 2500,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(moved).toContainEqual(
    expect.objectContaining({ organization: 'other', list: 'reports', rows: 5 }),
  );

  const postgres = openPostgres(databaseUrl);
  onTestFinished(() => postgres.close());
  expect(await answersOf(postgres, databaseUrl, tokens)).toEqual(before);
  const third = await makeOrganization(postgres, 'third');
  expect(third.id).toBe(3);
  await putRows(postgres, third, lists.reports, [reportRow(1)]);
});

test('refuses a database that is not empty, and changes nothing there', async () => {
  const { sqlite, databaseUrl, surroundings } = await prepare();
  await sqlite.close();
  const postgres = openPostgres(databaseUrl);
  onTestFinished(() => postgres.close());
  await postgres.migrate();
  await makeOrganization(postgres, 'resident');
  const { code, stderr } = await runRollcallProcess(['move'], surroundings);
  expect(code).toBe(1);
  expect(stderr).toContain('is not empty: its table organizations has rows (1)');
  expect(await postgres.all('select username from organizations')).toEqual([
    { username: 'resident' },
  ]);
  expect(await postgres.get('select count(*) as count from discovery_rows')).toEqual({ count: 0 });
});

test('a zero byte in a token ended it without the row’s name, and nothing is left behind', async () => {
  const { sqlite, databaseUrl, acme, surroundings } = await prepare();
  await sqlite.run(
    'update discovery_rows set token = ? where organization_id = ? and list = ? and slot = (select max(slot) from discovery_rows where organization_id = ? and list = ?)',
    ['a\0b', acme.id, lists.charts.number, acme.id, lists.charts.number],
  );
  await sqlite.close();
  const { code, stderr } = await runRollcall(['move'], surroundings);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /The table discovery_rows has a row .*: the one with organization_id "1", list "5", slot "\d+" has the token "a\\u0000b"/,
  );
  const postgres = openPostgres(databaseUrl);
  onTestFinished(() => postgres.close());
  expect(await postgres.get('select count(*) as count from organizations')).toEqual({ count: 0 });
});

test('says what is missing', async () => {
  const empty = temporaryFolder();
  const withoutUrl = await runRollcall(['move'], { dataDir: empty });
  expect(withoutUrl.stderr).toContain('ROLLCALL_DATABASE_URL is not set');
  const env = { ROLLCALL_DATABASE_URL: (await newDatabaseUrl()) as string };
  const withoutData = await runRollcall(['move'], { dataDir: empty, env });
  expect(withoutData.stderr).toContain(`There is no data in ${empty}`);
  markFolder(empty, 'PostgreSQL at "db/rollcall"');
  const moved = await runRollcall(['move'], { dataDir: empty, env });
  expect(moved.stderr).toContain(`There is nothing to move from ${empty}`);
});
