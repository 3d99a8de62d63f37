import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, openOwnWorkplace, temporaryFolder } from '../support/workplace.ts';

/** Text that says what is wrong, and no fault of ours with its stack. */
const SENTENCE = /^rollcall: (?![\s\S]*\n {4}at )[A-Z/][^\n]+\.(\n|$)/;

/** A backup of an organization `acme` with two reports. */
async function makeBackup(): Promise<string> {
  const { config, database } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const folder = join(temporaryFolder(), 'backup');
  await readRollcall(['backup', folder], { dataDir: config.dataDir });
  return folder;
}

let backup: string;
let manifestFile: string;
let storeFile: string;

beforeEach(async () => {
  const whole = join(tmpdir(), `backup-for-${process.pid}`);
  if (!existsSync(whole)) cpSync(await makeBackup(), whole, { recursive: true });
  backup = join(temporaryFolder(), 'backup');
  cpSync(whole, backup, { recursive: true });
  manifestFile = join(backup, 'manifest.json');
  storeFile = join(backup, 'rollcall.sqlite');
});

const readManifest = () => JSON.parse(readFileSync(manifestFile, 'utf8'));
const changeManifest = (more: object) =>
  writeFileSync(manifestFile, JSON.stringify({ ...readManifest(), ...more }));

/** Makes the manifest agree with whatever the store's file is now. */
function vouch(): void {
  const bytes = readFileSync(storeFile);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  changeManifest({ bytes: bytes.length, sha256 });
}

function replaceByFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function flipByteAt(path: string, place: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor((bytes.length - 1) * place);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

function withStore(change: (store: Sqlite.Database) => void): void {
  const store = new Sqlite(storeFile);
  store.pragma('journal_mode = delete');
  change(store);
  store.close();
  vouch();
}

const damages: Record<string, () => void> = {
  'no folder at all': () => rmSync(backup, { recursive: true }),
  'a file in the place of the folder': () => {
    rmSync(backup, { recursive: true });
    writeFileSync(backup, 'x');
  },
  'an empty folder': () => {
    rmSync(backup, { recursive: true });
    mkdirSync(backup);
  },
  'no manifest': () => rmSync(manifestFile),
  'a folder for a manifest': () => replaceByFolder(manifestFile),
  'an empty manifest': () => writeFileSync(manifestFile, ''),
  'half a manifest': () => truncateSync(manifestFile, 100),
  'a manifest of random bytes': () => writeFileSync(manifestFile, Buffer.from([0, 255, 128, 7])),
  'a manifest that is null': () => writeFileSync(manifestFile, 'null'),
  'a manifest that is a list': () => writeFileSync(manifestFile, '[]'),
  'a manifest that is a word': () => writeFileSync(manifestFile, '"manifest"'),
  'a manifest with nothing in it': () => writeFileSync(manifestFile, '{}'),
  'a manifest with organizations that are null': () => changeManifest({ organizations: [null] }),
  'a manifest with rows that are none': () =>
    changeManifest({ organizations: [{ username: 'acme', rows: 'many' }] }),
  'a manifest with another checksum': () => changeManifest({ sha256: 'f'.repeat(64) }),
  'a manifest with another size': () => changeManifest({ bytes: 7 }),
  'no store': () => rmSync(storeFile),
  'a folder for a store': () => replaceByFolder(storeFile),
  'a store of 0 bytes': () => writeFileSync(storeFile, ''),
  'a store of 0 bytes, as its manifest says': () => {
    writeFileSync(storeFile, '');
    vouch();
  },
  'half a store': () => truncateSync(storeFile, Math.floor(readFileSync(storeFile).length / 2)),
  'half a store, as its manifest says': () => {
    truncateSync(storeFile, Math.floor(readFileSync(storeFile).length / 2));
    vouch();
  },
  'a store with more at its end': () =>
    writeFileSync(storeFile, Buffer.concat([readFileSync(storeFile), Buffer.from('x')])),
  'a store with a wrong first byte': () => flipByteAt(storeFile, 0),
  'a store with a wrong byte in the middle': () => flipByteAt(storeFile, 0.5),
  'a store with a wrong last byte': () => flipByteAt(storeFile, 1),
  'text for a store, as its manifest says': () => {
    writeFileSync(storeFile, 'not a store, whatever it is called'.repeat(99));
    vouch();
  },
  'a database of another program': () => {
    rmSync(storeFile);
    withStore((store) => store.exec('create table notes (text)'));
  },
  'a database of another program with versions': () => {
    rmSync(storeFile);
    withStore((store) => {
      store.exec('create table notes (text)');
      store.pragma('user_version = 3');
    });
  },
  'an empty database': () => {
    rmSync(storeFile);
    withStore((store) => store.pragma('user_version = 0'));
  },
  'fewer rows than its manifest says': () =>
    withStore((store) => store.exec('update discovery_rows set body = null where id = 2')),
  'more rows than its manifest says': () =>
    changeManifest({ organizations: [{ username: 'acme', rows: { reports: 1 } }] }),
  'an organization that its manifest lacks': () => changeManifest({ organizations: [] }),
  'an organization too few': () =>
    changeManifest({
      organizations: [...readManifest().organizations, { username: 'sales', rows: {} }],
    }),
  'a store of a newer Rollcall': () =>
    withStore((store) =>
      store.exec("insert into rollcall_schema values (999, '9.1.0', '9.0.0', null)"),
    ),
  'a store that has lost its tables': () =>
    withStore((store) => {
      store.pragma('foreign_keys = off');
      store.exec('drop table organizations');
    }),
};

for (const field of ['version', 'schema', 'made_at', 'bytes', 'sha256', 'organizations']) {
  for (const [what, value] of [
    ['without', undefined],
    ['with a list for', []],
    ['with null for', null],
  ] as const) {
    if (field === 'organizations' && what === 'with a list for') continue;
    damages[`a manifest ${what} ${field}`] = () => changeManifest({ [field]: value });
  }
}

describe.each(Object.entries(damages))('a backup with %s', (_, damage) => {
  test('is refused in a sentence, and makes no folder', async () => {
    damage();
    const parent = temporaryFolder();
    const dataDir = join(parent, 'new', 'data');
    const { code, stdout, stderr } = await runRollcall(['restore', backup], { dataDir });
    expect(stderr).toMatch(SENTENCE);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(readdirSync(parent)).toEqual([]);
  });
});

test('a backup that is refused leaves the store that is there as it is', async () => {
  const { config, database } = await openOwnWorkplace();
  await makeOrganization(database, 'resident');
  flipByteAt(storeFile, 0.5);
  const surroundings = { dataDir: config.dataDir };
  expect((await runRollcall(['restore', backup, '--replace'], surroundings)).code).toBe(1);
  expect(await database.check()).toEqual([]);
  expect(await database.all('select username from organizations')).toEqual([
    { username: 'resident' },
  ]);
  expect(readdirSync(config.dataDir).filter((name) => name.includes('restoring'))).toEqual([]);
});

describe('a store that is to be replaced', () => {
  const file = 'rollcall.sqlite';
  const usernames = async (dataDir: string) =>
    (await readRollcall<{ username: string }[]>(['organization', 'list'], { dataDir })).map(
      ({ username }) => username,
    );

  test.each<[string, (path: string) => void]>([
    ['no store', (path) => writeFileSync(path, 'not a store, whatever it is called'.repeat(999))],
    ['half a store', (path) => cpSync(storeFile, path)],
  ])('and is %s is kept under another name', async (what, damage) => {
    const dataDir = temporaryFolder();
    const path = join(dataDir, file);
    damage(path);
    if (what === 'half a store') {
      const bytes = readFileSync(path);
      bytes.fill(0x41, 100, 8_000);
      writeFileSync(path, bytes);
    }
    const before = readFileSync(path);
    const refused = await runRollcall(['restore', backup], { dataDir });
    expect(refused.stderr).toMatch(/^rollcall: The store in .* cannot be read\. Add --replace/);
    expect(readFileSync(path)).toEqual(before);
    const { code, stderr } = await runRollcall(['restore', backup, '--replace'], { dataDir });
    expect(code).toBe(0);
    const [, aside = ''] = /the unreadable store is now (.*)\.$/m.exec(stderr) ?? [];
    expect(readFileSync(aside)).toEqual(before);
    expect(await usernames(dataDir)).toEqual(['acme']);
  });

  test('and has 0 bytes is empty that could be lost', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, file), '');
    expect(await runRollcall(['restore', backup], { dataDir })).toMatchObject({ code: 0 });
    expect(await usernames(dataDir)).toEqual(['acme']);
  });

  test('and is of a newer Rollcall is replaced where that is said', async () => {
    const { config, database } = await openOwnWorkplace();
    await makeOrganization(database, 'resident');
    await database.run("insert into rollcall_schema values (999, '9.1.0', '9.0.0', null)");
    const surroundings = { dataDir: config.dataDir };
    const refused = await runRollcall(['restore', backup], surroundings);
    expect(refused.stderr).toContain('holds resident. Add --replace');
    const done = await runRollcall(['restore', backup, '--replace'], surroundings);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(await usernames(config.dataDir)).toEqual(['acme']);
  });

  test('and is a database of another program stays', async () => {
    const dataDir = temporaryFolder();
    const other = new Sqlite(join(dataDir, file));
    other.exec('create table notes (text)');
    other.close();
    const { code, stderr } = await runRollcall(['restore', backup, '--replace'], { dataDir });
    expect(code).toBe(1);
    expect(stderr).toMatch(/is a database of another program, or has lost its tables/);
    expect(existsSync(join(dataDir, `${file}.damaged`))).toBe(false);
  });

  test('and is a folder stays', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, file));
    const { code, stderr } = await runRollcall(['restore', backup, '--replace'], { dataDir });
    expect(code).toBe(1);
    expect(stderr).toMatch(SENTENCE);
  });
});
