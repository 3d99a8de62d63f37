import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newDatabaseUrl } from '../support/database-url.ts';
import { readRollcall, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, openOwnWorkplace, temporaryFolder } from '../support/workplace.ts';

const MARK = 'store-elsewhere.txt';
const STORE = 'rollcall.sqlite';

/** Every command that opens a store, each as a user would call it who forgot the URL. */
const commands = [
  ['organization', 'create', 'sales', '--name', 'Sales'],
  ['organization', 'list'],
  ['member', 'add', '--organization', 'acme', '--email', 'ana@acme.example', '--role', 'admin'],
  ['member', 'link', 'ana@acme.example', '--organization', 'acme'],
  ['signature-token', 'list', '--organization', 'acme'],
  ['generate', '--organization', 'acme', '--reports', '10'],
  ['import', '.', '--organization', 'acme'],
  ['migrate'],
  ['backup', 'a-backup'],
  ['restore', '.'],
  ['adopt', '--key'],
  ['serve', '--port', '0'],
  ['worker'],
  ['demo', '--port', '0'],
];

describe('in the data folder of a server on PostgreSQL', () => {
  test.each(commands.map((args) => [args.join(' '), args] as const))(
    'without its URL, %s makes no second store',
    async (_, args) => {
      const { config } = await openOwnWorkplace();
      const { dataDir } = config;
      const surroundings = { dataDir, cwd: temporaryFolder() };
      const { code, stdout, stderr } = await runRollcall([...args], surroundings);
      expect(stderr).toMatch(
        /^rollcall: The data folder \S+ belongs to a Rollcall whose store is in PostgreSQL at "[^"@]+", and ROLLCALL_DATABASE_URL is not set\.\n/,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(existsSync(join(dataDir, STORE))).toBe(false);
      expect(existsSync(join(dataDir, 'secret.key'))).toBe(false);
    },
  );

  test('that is from before it said so, its lists say it', async () => {
    const { config } = await openOwnWorkplace();
    rmSync(join(config.dataDir, MARK));
    const { code, stderr } = await runRollcall(['organization', 'create', 'sales', '--name', 'S'], {
      dataDir: config.dataDir,
    });
    expect(stderr).toContain('ROLLCALL_DATABASE_URL is not set');
    expect(code).toBe(1);
    expect(existsSync(join(config.dataDir, STORE))).toBe(false);
  });

  test('a mark that says nothing is as good', async () => {
    const { config } = await openOwnWorkplace();
    for (const text of ['', 'nonsense\u0007\n', 'PostgreSQL at "a\nb"']) {
      writeFileSync(join(config.dataDir, MARK), text);
      const { stderr } = await runRollcall(['organization', 'list'], { dataDir: config.dataDir });
      expect(stderr).toContain('whose store is in PostgreSQL, and');
    }
  });

  test('doctor says it, too, and what to do', async () => {
    const { config } = await openOwnWorkplace();
    const { code, stdout } = await runRollcall(['doctor', '--port', '0'], {
      dataDir: config.dataDir,
    });
    expect(stdout).toMatch(/^problem store: .*ROLLCALL_DATABASE_URL is not set\. Set what/m);
    expect(code).toBe(1);
  });
});

describe('a database that holds no store', () => {
  test.each(commands.slice(1, 7).map((args) => [args.join(' '), args] as const))(
    'stays without one for %s',
    async (_, args) => {
      const url = (await newDatabaseUrl()) as string;
      const dataDir = join(temporaryFolder(), 'data');
      const surroundings = { dataDir, env: { ROLLCALL_DATABASE_URL: url } };
      const { code, stderr } = await runRollcall([...args], surroundings);
      expect(stderr).toMatch(
        /^rollcall: There is no data in PostgreSQL at .* ROLLCALL_DATABASE_URL/,
      );
      expect(code).toBe(1);
      expect(existsSync(dataDir)).toBe(false);
      const { stdout } = await runRollcall(['doctor', '--port', '0'], surroundings);
      expect(stdout).toContain('There is no store in PostgreSQL at');
    },
  );

  test('gets one by the command for that, which says so once', async () => {
    const url = (await newDatabaseUrl()) as string;
    const surroundings = { dataDir: temporaryFolder(), env: { ROLLCALL_DATABASE_URL: url } };
    const create = (username: string) =>
      runRollcall(['organization', 'create', username, '--name', 'Sales'], surroundings);
    const first = await create('sales');
    expect(first.stderr).toMatch(/^rollcall: warning: there was no store in PostgreSQL at .*, so/);
    expect(first.code).toBe(0);
    expect(await create('other')).toMatchObject({ code: 0, stderr: '' });
  });
});

test('after a move, commands without the URL leave the old store alone', async () => {
  const dataDir = temporaryFolder();
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], { dataDir });
  const before = readFileSync(join(dataDir, STORE));
  const url = (await newDatabaseUrl()) as string;
  const withUrl = { dataDir, env: { ROLLCALL_DATABASE_URL: url } };
  await readRollcall(['move'], withUrl);
  for (const args of [
    ['backup', join(dataDir, 'backup')],
    ['organization', 'list'],
  ]) {
    const { code, stderr } = await runRollcall(args, { dataDir });
    expect(stderr).toContain('ROLLCALL_DATABASE_URL is not set');
    expect(code).toBe(1);
  }
  expect(readFileSync(join(dataDir, STORE))).toEqual(before);
  expect(await readRollcall(['organization', 'list'], withUrl)).toHaveLength(1);
  // To go back is to delete one file, which the message names.
  rmSync(join(dataDir, MARK));
  expect(await readRollcall(['organization', 'list'], { dataDir })).toHaveLength(1);
});

test('a move that is refused leaves the store in the folder as the one that counts', async () => {
  const dataDir = temporaryFolder();
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], { dataDir });
  const { config, database } = await openOwnWorkplace();
  await makeOrganization(database, 'resident');
  const env = { ROLLCALL_DATABASE_URL: String(config.databaseUrl) };
  expect((await runRollcall(['move'], { dataDir, env })).code).toBe(1);
  expect(await readRollcall(['organization', 'list'], { dataDir })).toHaveLength(1);
});

test('the script that units come with calls commands with the settings of the server', async () => {
  const folder = temporaryFolder();
  const url = (await newDatabaseUrl()) as string;
  const server = await startRollcall(['serve', '--port', '0'], {
    dataDir: join(folder, 'data'),
    env: { ROLLCALL_DATABASE_URL: url },
    until: /listens on/,
  });
  writeFileSync(
    join(folder, 'environment'),
    `ROLLCALL_DATA_DIR='${join(folder, 'data')}'\nROLLCALL_DATABASE_URL='${url}'\n`,
    { mode: 0o600 },
  );
  const script = readFileSync('deploy/systemd/rollcall-command', 'utf8');
  const program = new URL('../../src/cli/rollcall.ts', import.meta.url).pathname;
  const file = join(folder, 'rollcall-command');
  writeFileSync(
    file,
    script
      .replace('/etc/rollcall/environment', join(folder, 'environment'))
      .replace('runuser --user rollcall -- rollcall', `${process.execPath} ${program}`),
  );
  chmodSync(file, 0o755);
  const env = { PATH: String(process.env.PATH), HOME: folder };
  const call = (...args: string[]) => execFileSync(file, args, { cwd: folder, env }).toString();
  call('organization', 'create', 'sales', '--name', 'Sales Inc.');
  expect(JSON.parse(call('organization', 'list', '--json'))).toMatchObject([
    { username: 'sales', name: 'Sales Inc.' },
  ]);
  expect(readdirSync(folder).toSorted()).toEqual(['data', 'environment', 'rollcall-command']);
  expect(existsSync(join(folder, 'data', STORE))).toBe(false);
  expect((await server.stop()).code).toBe(0);
});
