import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { makeSealedSource } from '../support/sealed-source.ts';
import {
  makeBasic,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

/** Said of what a user can act on; a fault of ours would show its stack. */
const SENTENCE = /^rollcall: (?![\s\S]*\n {4}at )[A-Z/][^\n]+(\n|$)/;

const commands = [
  ['organization', 'create', 'sales', '--name', 'Sales'],
  ['member', 'list', '--organization', 'acme'],
  ['import', '.', '--organization', 'acme'],
  ['migrate'],
  ['backup', 'a-backup'],
  ['adopt', '--key'],
  ['serve', '--port', '0'],
  ['worker'],
];

const STORE = 'rollcall.sqlite';

const damages: Record<string, (file: string) => void> = {
  'of 0 bytes': (file) => writeFileSync(file, ''),
  'of a few bytes': (file) => writeFileSync(file, 'SQLite'),
  'of text': (file) => writeFileSync(file, 'not a store, whatever it is called'.repeat(999)),
  'that is a folder': (file) => mkdirSync(file),
  'that is a named pipe': (file) => execFileSync('mkfifo', [file]),
  'that is a device': (file) => symlinkSync('/dev/null', file),
  'that is gone, though a server has used its folder': (file) =>
    writeFileSync(join(dirname(file), 'crawls.sqlite'), ''),
  'of another program': (file) => {
    const store = new Sqlite(file);
    store.pragma('journal_mode = wal');
    store.exec('create table notes (text)');
    store.close();
  },
  'that has lost its tables': (file) => {
    const store = new Sqlite(file);
    store.pragma('journal_mode = wal');
    store.exec('create table notes (text)');
    store.pragma('user_version = 5');
    store.close();
  },
  'of a newer Rollcall': (file) => {
    const store = new Sqlite(file);
    store.pragma('journal_mode = wal');
    store.exec('create table organizations (id)');
    store.pragma('user_version = 999');
    store.close();
  },
};

describe.each(Object.entries(damages))('with a store %s', (_, damage) => {
  test.each(commands.map((args) => [args.join(' '), args] as const))(
    '%s says so, and leaves it as it is',
    async (_name, args) => {
      const dataDir = temporaryFolder();
      const file = join(dataDir, STORE);
      damage(file);
      const before = existing(file);
      const cwd = temporaryFolder();
      const { code, stderr } = await runRollcall([...args], { dataDir, cwd });
      expect(stderr).toMatch(SENTENCE);
      expect(code).toBe(1);
      expect(existing(file)).toEqual(before);
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test('doctor says that it is a problem', async () => {
    const dataDir = temporaryFolder();
    damage(join(dataDir, STORE));
    const { code, stdout, stderr } = await runRollcall(['doctor', '--port', '0'], { dataDir });
    expect(stdout).toMatch(/^problem (store|schema): /m);
    expect(stdout).not.toMatch(/intact|All rows are consistent/);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });
});

/** What a file holds; a folder is only there, or not even that. */
function existing(file: string): Buffer | string[] | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) return readdirSync(file);
  return found?.isFile() ? readFileSync(file) : undefined;
}

describe('a store with wrong bytes in the middle', () => {
  test('is a problem for doctor, and never a stack', async () => {
    const { config, database } = await openOwnWorkplace();
    const acme = await makeOrganization(database);
    const rows = Array.from({ length: 500 }, (_, index) => reportRow(index + 1));
    await putRows(database, acme, lists.reports, rows);
    await database.get('pragma wal_checkpoint(truncate)');
    const whole = readFileSync(join(config.dataDir, STORE));
    for (let place = 0.1; place < 1; place += 0.2) {
      const dataDir = temporaryFolder();
      const bytes = Buffer.from(whole);
      const at = Math.floor(bytes.length * place);
      bytes.fill(0xa5, at, at + 8_000);
      writeFileSync(join(dataDir, STORE), bytes);
      const doctor = await runRollcall(['doctor', '--port', '0'], { dataDir });
      expect(doctor.code, `at ${place}`).toBe(1);
      expect(doctor.stderr).toBe('');
      const backup = await runRollcall(['backup', join(dataDir, 'backup')], { dataDir });
      expect(backup.code).toBe(1);
      expect(backup.stderr).toMatch(SENTENCE);
      expect(readdirSync(dataDir).filter((name) => name.startsWith('backup'))).toEqual([]);
    }
  });
});

test.each(['mkfifo', 'mkdir'])(
  'a restore where something else is in the place of the store says so: %s',
  async (make) => {
    const dataDir = temporaryFolder();
    execFileSync(make, [join(dataDir, STORE)]);
    const { code, stderr } = await runRollcall(['restore', dataDir, '--replace'], { dataDir });
    expect(code).toBe(1);
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).toMatch(/is a (named pipe|folder), not the file of a store/);
  },
);

describe('a path that is wrong', () => {
  test.each<[string, (folder: string) => string[]]>([
    ['a backup below a file', (folder) => ['backup', join(folder, 'data', STORE, 'x')]],
    ['a backup in the place of a file', (folder) => ['backup', join(folder, 'data', STORE)]],
    [
      'an import of nothing',
      (folder) => ['import', join(folder, 'none'), '--organization', 'acme'],
    ],
    [
      'an import of a file',
      (folder) => ['import', join(folder, 'data', STORE), '--organization', 'acme'],
    ],
    ['a restore of nothing', (folder) => ['restore', join(folder, 'none'), '--replace']],
    [
      'a data folder that is a file',
      (folder) => ['organization', 'list', '--data-dir', join(folder, 'data', STORE)],
    ],
    [
      'a data folder below a file',
      (folder) => ['serve', '--port', '0', '--data-dir', join(folder, 'data', STORE, 'x')],
    ],
    [
      'a bearer that is a folder',
      (folder) => ['crawl', 'https://127.0.0.1:1/batch/acme', '--bearer-file', folder],
    ],
    ['a key that is a folder', (folder) => ['serve', '--port', '0', '--secret-key-file', folder]],
    ['a key that is missing', (folder) => ['worker', '--secret-key-file', join(folder, 'none')]],
    [
      'a certificate that is missing',
      (folder) => ['serve', '--port', '0', '--tls-cert', join(folder, 'none'), '--tls-key', folder],
    ],
  ])('as %s is said', async (_, args) => {
    const folder = temporaryFolder();
    const { config, database } = await openOwnWorkplace();
    await makeOrganization(database);
    await database.get('pragma wal_checkpoint(truncate)');
    mkdirSync(join(folder, 'data'));
    cpSync(join(config.dataDir, STORE), join(folder, 'data', STORE));
    const { code, stderr } = await runRollcall(args(folder), { dataDir: join(folder, 'data') });
    expect(stderr).toMatch(SENTENCE);
    expect(code).toBe(1);
  });
});

describe('doctor looks at the secret key', () => {
  async function examine(prepare: (file: string) => void, sealed: boolean) {
    const workplace = await openOwnWorkplace();
    const { config, database } = workplace;
    const authorization = await makeBasic(database, await makeOrganization(database));
    if (sealed) expect((await makeSealedSource(workplace, authorization)).statusCode).toBe(201);
    const file = join(config.dataDir, 'secret.key');
    rmSync(file, { force: true });
    prepare(file);
    const surroundings = { dataDir: config.dataDir };
    const { code, stdout } = await runRollcall(['doctor', '--port', '0'], surroundings);
    return { code, stdout };
  }

  test.each<[string, (file: string) => void, boolean, RegExp]>([
    [
      'missing',
      () => undefined,
      true,
      /^problem secret key: .*the secret key is missing.*adopt --key/m,
    ],
    [
      'short',
      (file) => writeFileSync(file, 'short', { mode: 0o600 }),
      true,
      /^problem secret key: .*has 5 characters/m,
    ],
    [
      'short, though none is needed',
      (file) => writeFileSync(file, 'short', { mode: 0o600 }),
      false,
      /^problem secret key: .*has 5 characters/m,
    ],
    [
      'empty',
      (file) => writeFileSync(file, '', { mode: 0o600 }),
      true,
      /^problem secret key: .*has 0 characters/m,
    ],
    [
      'a folder',
      (file) => mkdirSync(file, { mode: 0o700 }),
      true,
      /^problem secret key: .*cannot be read/m,
    ],
    [
      'another one',
      (file) => writeFileSync(file, 'x'.repeat(64), { mode: 0o600 }),
      true,
      /^problem secret key: .*a secret key other than this one/m,
    ],
    [
      'open to others',
      (file) => writeFileSync(file, 'x'.repeat(64), { mode: 0o644 }),
      false,
      /^problem secret key file: Other users can read .*chmod 600/m,
    ],
  ])('that is %s', async (_, prepare, sealed, expected) => {
    const { code, stdout } = await examine(prepare, sealed);
    expect(stdout).toMatch(expected);
    expect(code).toBe(1);
  });

  test('that is missing, and not needed', async () => {
    const { code, stdout } = await examine(() => undefined, false);
    expect(stdout).toMatch(/^ok {6}secret key: There is none/m);
    expect(code).toBe(0);
  });
});
