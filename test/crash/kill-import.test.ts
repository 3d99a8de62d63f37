import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileCache } from '../../src/compile-cache.ts';
import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { settleImports } from '../../src/import/import-inventory.ts';
import { readChanges } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { checkRows } from '../../src/inventory/row-check.ts';
import { listRowsAfter } from '../../src/inventory/row-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { rounds } from '../support/rounds.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const ROUNDS = rounds({ usual: 6, full: 200 });
const importer = fileURLToPath(new URL('../support/importing-process.ts', import.meta.url));
/** Longer than a process is believed to be alive that is not heard of. */
const ROUND_MS = 60_000;
const SPREAD_MS = 1500;

type Version = { version: string; from: number; to: number; isPersonal: boolean };

/** Each is another one in every row; some rows come and some go. */
const versionOf = (round: number): Version => ({
  version: `v${round}`,
  from: 1 + 200 * (round % 3),
  to: 900 + 200 * (round % 2),
  isPersonal: round % 4 === 1,
});

async function importAndKill(
  env: Record<string, string>,
  { version, from, to, isPersonal }: Version,
  { aheadMs, lifeMs }: { aheadMs: number; lifeMs: number },
): Promise<void> {
  const child = spawn(
    process.execPath,
    [importer, version, String(from), String(to), String(isPersonal), String(aheadMs)],
    { env: { ...process.env, ...compileCache, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  await Promise.race([sleep(lifeMs), closed]);
  child.kill('SIGKILL');
  await closed;
}

/** The rows that everybody sees, as text. */
async function listed(database: Database, { id }: Organization): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for (const list of Object.values(lists)) {
    const of = { list, view: 'all', slot: 0, limit: 10_000 } as const;
    for (const { slot, body } of await listRowsAfter(database, id, of))
      rows.set(`${list.name}/${slot}`, String(body));
  }
  return rows;
}

/** Whether the rows are all of this version, and all that it has. */
const isAllThereIs = (rows: ReadonlyMap<string, string>) => (one: Version | undefined) => {
  const versions = new Set([...rows.values()].map((row) => / (v\d+)"/.exec(row)?.[1]));
  const size = one === undefined ? 0 : 1 + 3 * (one.to - one.from);
  return rows.size === size && [...versions].join() === (one?.version ?? '');
};

test(`an import killed ${ROUNDS} times at any moment left rows of two versions`, {
  timeout: 3_600_000,
}, async () => {
  const { config, database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const env = {
    ROLLCALL_DATA_DIR: config.dataDir,
    ROLLCALL_DATABASE_URL: config.databaseUrl ?? '',
  };
  const followed = new Map<string, string>();
  let after: Parameters<typeof readChanges>[2]['after'];
  /** What may be there: what was last seen, and what was begun since. */
  let possible: (Version | undefined)[] = [undefined];
  let finished = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const version = versionOf(round);
    const aheadMs = round * ROUND_MS;
    // The last one ends by itself, however slow the machine.
    const lifeMs = round < ROUNDS - 1 ? Math.random() * SPREAD_MS : FAR_TOO_LONG_MS;
    await importAndKill(env, version, { aheadMs, lifeMs });
    const where = `round ${round}, killed after ${lifeMs} ms`;
    possible.push(version);
    const left = await listed(database, acme);
    expect(possible.some(isAllThereIs(left)), where).toBe(true);
    // Half of the time it is the next import that goes on with it.
    if (round % 2 === 0 && round < ROUNDS - 1) continue;

    const clock = () => Date.now() + aheadMs + ROUND_MS / 2;
    await settleImports({ database, clock, identifiers: randomIdentifiers });
    const settled = await listed(database, acme);
    possible = possible.filter(isAllThereIs(settled));
    expect(possible, where).toHaveLength(1);
    if (possible[0] === version) finished++;
    for (const table of ['imports', 'import_steps', 'replaced_rows'])
      expect(await database.all(`select 1 from ${table}`), `${where}: ${table}`).toEqual([]);
    for await (const problem of checkRows(database, acme.id))
      expect(problem, where).toBeUndefined();
    for (let more = true; more; ) {
      const { batch } = await readChanges(database, acme.id, { view: 'all', after, limit: 1000 });
      for (const { list, place, body } of batch.changes) {
        if (body) followed.set(`${list.name}/${place}`, String(body));
        else followed.delete(`${list.name}/${place}`);
      }
      after = batch.next;
      more = batch.more;
    }
    expect(new Map([...followed].sort())).toEqual(new Map([...settled].sort()));
    expect(await database.check()).toEqual([]);
  }
  expect(finished).toBeGreaterThan(0);
});
