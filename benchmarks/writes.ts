// How many changes a second a store takes, one row in a transaction of its own, as people make them: by one writer, by
// several in one organization, who take turns at its head row, and by as many in as many organizations. Then how fast an
// inventory is generated, and what it takes on disk. All is on disk before it counts (SQLite synchronous=FULL,
// PostgreSQL fsync=on).
//
//   npm run benchmark:writes                        5 rounds of 3 s, 50,000 reports
//   REPORTS=10000 ROUNDS=3 npm run benchmark:writes
//   ROLLCALL_TEST_CITUS_URL=postgres://... npm run benchmark:writes       a Citus cluster too, by its coordinator
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../src/database/database.ts';
import { openPostgres } from '../src/database/postgres.ts';
import { openSqlite } from '../src/database/sqlite.ts';
import { generateInventory } from '../src/generate/generate-inventory.ts';
import { lists } from '../src/inventory/lists.ts';
import { countRows, findRowByToken, listRowKeysAfter } from '../src/inventory/row-store.ts';
import { changeRows } from '../src/inventory/row-writer.ts';
import type { Organization } from '../src/organizations/organization.ts';
import { createOrganization } from '../src/organizations/organization-store.ts';
import { startPostgres } from '../test/support/start-postgres.ts';
import { storesOfCluster } from './coordinator.ts';
import { median } from './median.ts';

const reports = Number(process.env.REPORTS ?? 50_000);
const rounds = Number(process.env.ROUNDS ?? 5);
const durationMs = 3_000;
const organizations = 16;
/** How many write at once, and whether each has an organization to itself. */
const shapes = [
  { writers: 1, apart: false },
  { writers: 4, apart: false },
  { writers: 16, apart: false },
  { writers: 8, apart: true },
  { writers: 16, apart: true },
] as const;

type Store = { name: string; database: Database; sizeBytes: () => Promise<number> };

const onCluster = await storesOfCluster();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-benchmark-'));
const postgres = await startPostgres({ fsync: true });
try {
  const stores: Store[] = [
    openSqliteStore(),
    openPostgresStore('PostgreSQL', postgres.url),
    ...onCluster.map(({ name, url, isDistributed }) =>
      openPostgresStore(name, url, isDistributed ? 'citus' : 'pg'),
    ),
  ];
  const changes = new Map(stores.map(({ name }) => [name, shapes.map(() => [] as number[])]));
  const filled = new Map<string, { perSecond: number; rows: number; bytesPerRow: number }>();
  for (const store of stores) {
    await store.database.migrate();
    if (onCluster.some(({ name, isDistributed }) => name === store.name && isDistributed))
      await store.database.distribute?.();
    filled.set(store.name, await fill(store));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, shape] of shapes.entries()) {
      for (const { name, database } of stores) {
        changes.get(name)?.[index]?.push(await changesPerSecond(database, shape));
      }
    }
  }
  for (const { database } of stores) await database.close();

  console.log(`
${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; writers, SQLite and PostgreSQL share them
Medians of ${rounds} interleaved rounds of ${durationMs / 1000} s

${['what', ...stores.map(({ name }) => name)].map((text, column) => text.padEnd(column === 0 ? 52 : 22)).join('')}`);
  for (const [index, { writers, apart }] of shapes.entries()) {
    const where = apart ? 'an organization each' : 'one organization';
    line(`changes a second, ${writers} writers, ${where}`, ({ name }) =>
      median(changes.get(name)?.[index] as number[]).toFixed(0),
    );
  }
  const figure = (name: string) => filled.get(name) as NonNullable<ReturnType<typeof filled.get>>;
  line('rows generated a second', ({ name }) => figure(name).perSecond.toFixed(0));
  line(`bytes on disk a row, of ${figure('SQLite').rows} rows`, ({ name }) =>
    figure(name).bytesPerRow.toFixed(0),
  );

  function line(what: string, value: (store: Store) => string): void {
    console.log(
      [what, ...stores.map(value)]
        .map((text, column) => text.padEnd(column === 0 ? 52 : 22))
        .join('')
        .trimEnd(),
    );
  }
} finally {
  for (const { drop } of onCluster) await drop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function openSqliteStore(): Store {
  const path = join(folder, 'rollcall.sqlite');
  const sizeBytes = async () => statSync(path).size + statSync(`${path}-wal`).size;
  return { name: 'SQLite', database: openSqlite(path), sizeBytes };
}

function openPostgresStore(name: string, url: string, sizes = 'pg'): Store {
  const database = openPostgres(url);
  const sizeBytes = async () =>
    (
      await database.get<{ bytes: number }>(
        `select ${sizes}_total_relation_size('discovery_rows') as bytes`,
      )
    )?.bytes ?? 0;
  return { name, database, sizeBytes };
}

/** Fills the first organization, and gives each of the others a few reports. */
async function fill({ database, sizeBytes }: Store) {
  const made: Organization[] = [];
  for (let number = 0; number < organizations; number++) {
    const named = { username: `org${number}`, name: 'A', createdAt: '', epoch: String(number) };
    made.push(await database.transaction((store) => createOrganization(store, named)));
  }
  const generate = (organization: Organization, count: number) =>
    generateInventory(database, organization, { seed: 1, reports: count }, () => undefined);
  const startedMs = performance.now();
  const [first, ...others] = made as [Organization, ...Organization[]];
  await generate(first, reports);
  const seconds = (performance.now() - startedMs) / 1000;
  const counts = Object.values(await countRows(database, first.id));
  const rows = counts.reduce((sum, { all }) => sum + all, 0);
  const bytesPerRow = (await sizeBytes()) / rows;
  for (const other of others) await generate(other, 100);
  return { perSecond: rows / seconds, rows, bytesPerRow };
}

async function changesPerSecond(
  database: Database,
  { writers, apart }: (typeof shapes)[number],
): Promise<number> {
  const startedMs = performance.now();
  let changes = 0;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const organizationId = apart ? 1 + (writer % organizations) : 1;
      const tokens = await listSomeTokens(database, organizationId);
      for (let next = writer; performance.now() - startedMs < durationMs; next += writers) {
        await changeReport(database, organizationId, tokens[next % tokens.length] as string);
        changes++;
      }
    }),
  );
  return changes / ((performance.now() - startedMs) / 1000);
}

/** What an edit of a report costs the store: it is found by its token, and its row is written anew. */
async function changeReport(
  database: Database,
  organizationId: number,
  token: string,
): Promise<void> {
  await database.transaction((store) =>
    changeRows(store, organizationId, async (writer) => {
      const row = await findRowByToken(store, organizationId, lists.reports, token);
      if (row) await writer.update(lists.reports, [row]);
    }),
  );
}

async function listSomeTokens(database: Database, organizationId: number): Promise<string[]> {
  const keys = await listRowKeysAfter(database, organizationId, {
    list: lists.reports,
    slot: 0,
    limit: 1000,
  });
  const rows = await database.allEach<{ token: string }>(
    'select token from discovery_rows where organization_id = ? and list = ? and slot = ?',
    keys.map(({ slot }) => [organizationId, lists.reports.number, slot]),
  );
  return rows.map((row) => row.token);
}
