import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/workplace.ts';

const bin = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
const said = (version: string) => ({
  status: 1,
  stdout: '',
  stderr: `Rollcall needs Node 24 or newer, and this is Node ${version}. Install it from https://nodejs.org.\n`,
});

function run(node: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', env: {} });
  return { status, stdout, stderr };
}

/** The Node that the machine has beside the one that npm brought, where it is too old for Rollcall. */
const oldNode = String(process.env.PATH)
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .filter((path) => existsSync(path))
  .map((path) => ({ path, version: run(path, ['--version']).stdout.trim().slice(1) }))
  .find(({ version }) => version !== '' && Number.parseInt(version, 10) < 24);

test('a Node that says it is too old is told in one sentence what Rollcall needs', () => {
  const older = "Object.defineProperty(process, 'versions', { value: { node: '23.11.0' } })";
  expect(run(process.execPath, ['--import', `data:text/javascript,${older}`, bin])).toEqual(
    said('23.11.0'),
  );
});

test.runIf(oldNode)('a Node that is too old showed a stack: it could not read the program', () => {
  const { path, version } = oldNode as { path: string; version: string };
  // As in the package, where it is JavaScript; the file has nothing that the compiler would change.
  const compiled = join(temporaryFolder(), 'rollcall.mjs');
  copyFileSync(bin, compiled);
  expect(run(path, [compiled, 'serve'])).toEqual(said(version));
});
