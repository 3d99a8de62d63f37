import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { countRows, listRowsAfter } from '../../src/inventory/row-store.ts';
import { findOrganization } from '../../src/organizations/organization-store.ts';
import { runRollcall, runRollcallProcess } from '../support/run-rollcall.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
const REPORTS = 20_000;

function generate(username: string, reports: number, seed = 1): string[] {
  const wanted = ['--organization', username, '--reports', String(reports), '--seed', String(seed)];
  return ['generate', ...wanted, '--json'];
}

/** Every row of every list, in order. */
async function inventoryOf(database: Database, username: string): Promise<Map<string, string[]>> {
  const organization = await findOrganization(database, username);
  const inventory = new Map<string, string[]>();
  for (const [name, list] of Object.entries(lists)) {
    const all = { list, view: 'all', slot: 0, limit: 1_000_000 } as const;
    const rows = await listRowsAfter(database, organization?.id ?? 0, all);
    inventory.set(
      name,
      rows.map((row) => String(row.body)),
    );
  }
  return inventory;
}

test('killed midway it leaves whole reports, and a second run completes them', async () => {
  const { config, database } = await openWorkplace();
  const { dataDir } = config;
  const big = await makeOrganization(database, 'big');
  const child = spawn(process.execPath, [program, ...generate('big', REPORTS)], {
    env: { ...process.env, ROLLCALL_DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  const reportCount = async () => (await countRows(database, big.id)).reports.all;
  await expect.poll(reportCount, { interval: 5 }).toBeGreaterThan(0);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);

  const left = await countRows(database, big.id);
  expect(left.reports.all).toBeLessThan(REPORTS);
  const first = await openWorkplace();
  await makeOrganization(first.database, 'big');
  const inDirectory = { dataDir: first.config.dataDir };
  await runRollcall(generate('big', left.reports.all), inDirectory);
  expect(await inventoryOf(database, 'big')).toEqual(await inventoryOf(first.database, 'big'));

  const reports = left.reports.all + 500;
  const second = await runRollcall(generate('big', reports), { dataDir });
  expect(JSON.parse(second.stdout)).toEqual({
    organization: 'big',
    seed: 1,
    reports,
    added: 500,
  });
  await runRollcall(generate('big', reports), inDirectory);
  expect(await inventoryOf(database, 'big')).toEqual(await inventoryOf(first.database, 'big'));
});

test('other writers get their turn meanwhile', async () => {
  const { config, database } = await openWorkplace();
  const big = await makeOrganization(database, 'big');
  const work = runRollcallProcess(generate('big', REPORTS), { dataDir: config.dataDir });
  let meanwhile = 0;
  for (let number = 0, isRunning = true; isRunning; number++) {
    await makeOrganization(database, `other-${number}`);
    const { reports } = await countRows(database, big.id);
    isRunning = reports.all < REPORTS;
    if (isRunning && reports.all > 0) meanwhile++;
  }
  expect((await work).code).toBe(0);
  expect(meanwhile).toBeGreaterThan(1);
});

test('an unknown organization is refused with the command that makes it', async () => {
  const dataDir = temporaryFolder();
  await (await openStore({ dataDir, databaseUrl: undefined })).close();
  const { code, stdout, stderr } = await runRollcall(generate('big', 10), { dataDir });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('There is no organization big.');
  expect(stderr).toContain('organization create big --name');
});

test.for([
  ['reports', '0'],
  ['reports', '1e5'],
  ['reports', ''],
  ['seed', '-1'],
  ['seed', '4294967296'],
])('--%s %j is refused with what is accepted', async ([flag, value]) => {
  const args = ['generate', '--organization', 'big', '--reports', '10', `--${flag}`, String(value)];
  const { code, stderr } = await runRollcall(args, { dataDir: temporaryFolder() });
  expect(code).toBe(1);
  expect(stderr).toContain(`--${flag} <NUMBER>`);
  expect(stderr).toMatch(/whole number from \d+ to \d+/);
});
