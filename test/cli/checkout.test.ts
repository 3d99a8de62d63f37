import { execFile } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/workplace.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** Calls the command as a user of a clone does, from a folder of the user's own. */
async function npmRollcall(folder: string, ...args: string[]) {
  const { PATH, HOME } = process.env;
  const npm = ['--prefix', checkout, 'run', '-s', 'rollcall', '--', ...args];
  return promisify(execFile)('npm', npm, {
    cwd: folder,
    env: { PATH, HOME },
    timeout: 50_000,
  });
}

test('in a clone, paths are relative to where the user stands, and only what was asked for is printed', async () => {
  const folder = temporaryFolder();
  const create = ['organization', 'create', 'acme', '--name', 'Acme Inc.', '--data-dir', 'my-data'];
  const { stdout } = await npmRollcall(folder, ...create);
  expect(stdout).toBe(
    'Created the organization acme. Add an admin with:\n' +
      '  npm run -s rollcall -- member add --organization acme --email EMAIL --role admin\n',
  );
  expect(existsSync(join(folder, 'my-data', 'rollcall.sqlite'))).toBe(true);

  const list = ['organization', 'list', '--json', '--data-dir', './my-data'];
  const listed = await npmRollcall(folder, ...list);
  expect(JSON.parse(listed.stdout)).toEqual([
    expect.objectContaining({ username: 'acme', name: 'Acme Inc.' }),
  ]);
  expect(listed.stderr).toBe('');
});

test('in a clone, a failure ends npm with the exit code of the command', async () => {
  await expect(npmRollcall(temporaryFolder(), 'organization', 'list')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('npm run -s rollcall -- organization create USERNAME'),
  });
});

test('a clone in a folder with a space, an umlaut or a percent sign in its name did not start', async () => {
  const folder = temporaryFolder();
  const clone = join(folder, 'Größere Projekte 100%');
  for (const part of ['src', 'migrations', 'package.json'])
    cpSync(join(checkout, part), join(clone, part), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(clone, 'node_modules'));
  const create = ['organization', 'create', 'acme', '--name', 'Acme Inc.', '--data-dir', 'my-data'];
  const env = { NODE_DISABLE_COMPILE_CACHE: '1' }; // nothing to keep of this copy
  await promisify(execFile)(process.execPath, [join(clone, 'src/cli/rollcall.ts'), ...create], {
    cwd: folder,
    env,
  });
  expect(existsSync(join(folder, 'my-data', 'rollcall.sqlite'))).toBe(true);
});
