import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
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
    'Made the organization acme. Give it an admin with:\n' +
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
