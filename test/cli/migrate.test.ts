import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** A store of this schema version, with nothing in it. */
function makeStore(version: number): string {
  const dataDir = temporaryFolder();
  const store = new Sqlite(join(dataDir, 'rollcall.sqlite'));
  if (version > 0) store.exec('create table organizations (id)');
  store.pragma(`user_version = ${version}`);
  store.close();
  return dataDir;
}

const migrations = fileURLToPath(new URL('../../migrations/', import.meta.url));
// What older programs cannot live with comes last, and so far that is what is written in code.
const names = [...namesOf(join(migrations, 'sqlite'), '.sql'), ...namesOf(migrations, '.ts')];

function namesOf(folder: string, end: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(end));
  return files.map((file) => file.slice(0, -end.length)).sort();
}

test('migrate applies what is missing and says which, once', async () => {
  const dataDir = makeStore(0);
  const first = await runRollcall(['migrate'], { dataDir });
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toBe(names.map((name) => `Applied ${name}.\n`).join(''));
  const second = await runRollcall(['migrate'], { dataDir });
  expect(second.stdout).toBe(`The store in ${dataDir} is up to date.\n`);
  expect(await readRollcall(['organization', 'list'], { dataDir })).toEqual([]);
});

test('with --json it prints their names', async () => {
  expect(await readRollcall(['migrate'], { dataDir: makeStore(0) })).toEqual({
    applied: names,
    waiting: [],
  });
});

test('data of a newer Rollcall is left alone by every command', async () => {
  const dataDir = makeStore(999);
  for (const args of [['migrate'], ['organization', 'list']]) {
    const { code, stdout, stderr } = await runRollcall(args, { dataDir });
    expect(stderr).toMatch(
      /^rollcall: This is Rollcall \S+, and the store was upgraded by a newer one, to migration 999:/,
    );
    expect(stderr).toContain('install that one, or restore a backup');
    expect(stdout).toBe('');
    expect(code).toBe(1);
  }
});

test('migrate makes no store where there is none', async () => {
  const { code, stderr } = await runRollcall(['migrate'], { dataDir: temporaryFolder() });
  expect(stderr).toContain('There is no data in ');
  expect(code).toBe(1);
});
