import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { addNotes } from '../support/program-version.ts';
import { temporaryFolder } from '../support/workplace.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const parts = [
  'src',
  'web',
  'migrations',
  'docs',
  'deploy',
  'scripts',
  'package.json',
  'package-lock.json',
  'README.md',
  'LICENSE',
  'tsconfig.json',
  'tsconfig.build.json',
  'dist/web', // built of these very sources, or else again
];

test('the package that is published runs, and asks nobody to install what only a checkout needs', () => {
  const checkout = temporaryFolder();
  for (const part of parts)
    cpSync(join(repository, part), join(checkout, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  writeFileSync(join(checkout, 'migrations/901-notes.ts'), addNotes('0.1.0'));
  const before = readFileSync(join(checkout, 'package.json'), 'utf8');
  const path = `${join(repository, 'node_modules/.bin')}:${process.env.PATH}`;
  // Not what npm says of a checkout to those whom it starts there, such as this test: the package is none.
  const { INIT_CWD: _folder, npm_package_name: _name, ...surroundings } = process.env;
  const run = (command: string, args: string[], cwd: string) =>
    execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: { ...surroundings, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const packed = JSON.parse(
    /\[[\s\S]*\]\s*$/.exec(run('npm', ['pack', '--json', '--loglevel=error'], checkout))?.[0] ??
      '[]',
  );
  expect(readFileSync(join(checkout, 'package.json'), 'utf8')).toBe(before);

  // What would be published is what was packed; its registry is asked for nothing.
  const publish = ['publish', '--dry-run', '--ignore-scripts', '--json', `./${packed[0].filename}`];
  expect(run('npm', publish, checkout)).toContain(packed[0].integrity);

  const home = temporaryFolder();
  const installed = join(home, 'node_modules', 'rollcall');
  mkdirSync(installed, { recursive: true });
  const archive = join(checkout, packed[0].filename);
  run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'], home);
  symlinkSync(join(repository, 'node_modules'), join(installed, 'node_modules'));
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(Object.keys(manifest.optionalDependencies)).toEqual(['koffi']);
  expect(manifest).not.toHaveProperty('devDependencies');
  expect(Object.keys(manifest.dependencies)).toEqual(
    expect.arrayContaining(['@duckdb/node-api', 'fastify', 'vega-datasets']),
  );
  for (const name of ['react', 'vite', 'echarts']) {
    expect(manifest.dependencies).not.toHaveProperty(name);
  }
  expect(existsSync(join(installed, 'dist', 'web', 'index.html'))).toBe(true);
  expect(existsSync(join(installed, 'deploy', 'systemd', 'rollcall.service'))).toBe(true);

  const rollcall = (...args: string[]) =>
    run('node', [join(installed, manifest.bin.rollcall), ...args], home);
  expect(rollcall('--version').trim()).toBe(manifest.version);
  expect(rollcall('organization', 'create', 'acme', '--name', 'Acme')).toContain('acme');
  const store = new Sqlite(join(home, 'rollcall-data/rollcall.sqlite'));
  onTestFinished(() => void store.close());
  const applied = store.prepare('select version from rollcall_schema where place is null').pluck();
  expect(applied.all()).toContain(901);
  const script =
    "import { RollcallClient } from 'rollcall/client'; console.log(typeof RollcallClient);";
  expect(run('node', ['--input-type=module', '-e', script], home).trim()).toBe('function');
});
