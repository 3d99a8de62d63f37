import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

const create = (username: string, name: string) => [
  'organization',
  'create',
  username,
  '--name',
  name,
];

test('an organization that was made is listed, by username', async () => {
  const dataDir = join(temporaryFolder(), 'made', 'by', 'the', 'first');
  await runRollcall(create('zebra', 'Zebra'), { dataDir });
  const acme = await readRollcall(create('acme', ' Acme Inc '), { dataDir });
  expect(acme).toEqual({
    id: 2,
    username: 'acme',
    name: 'Acme Inc',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  const list = await readRollcall<unknown[]>(['organization', 'list'], { dataDir });
  expect(list).toEqual([acme, expect.objectContaining({ id: 1, username: 'zebra' })]);

  const { stdout } = await runRollcall(['organization', 'list'], { dataDir });
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^USERNAME {2}NAME {6}MADE$/);
  expect(lines[1]).toMatch(/^acme {6}Acme Inc {2}\d{4}-/);
});

test('it says how to go on', async () => {
  const { stdout } = await runRollcall(create('acme', 'Acme'), { dataDir: temporaryFolder() });
  expect(stdout).toContain(
    '\n  rollcall member add --organization acme --email EMAIL --role admin\n',
  );
});

test('a username is taken once', async () => {
  const dataDir = temporaryFolder();
  await runRollcall(create('acme', 'Acme'), { dataDir });
  const { code, stdout, stderr } = await runRollcall(create('acme', 'Other'), { dataDir });
  expect(stderr).toMatch(/^rollcall: The organization acme exists already\. Choose another/);
  expect(stdout).toBe('');
  expect(code).toBe(1);
  const list = await readRollcall(['organization', 'list'], { dataDir });
  expect(list).toEqual([expect.objectContaining({ name: 'Acme' })]);
});

test.each([
  [create('Acme Inc', 'Acme'), 'username is "Acme Inc"; it must be 1 to 63 of a-z'],
  [create('acme', ' '), 'name is " "; it must have 1 to 200 characters'],
])('%j is refused, and no folder is made', async (args, said) => {
  const dataDir = join(temporaryFolder(), 'data');
  const { code, stderr } = await runRollcall(args, { dataDir });
  expect(stderr).toContain(said);
  expect(code).toBe(1);
  expect(existsSync(dataDir)).toBe(false);
});

test('a folder named by mistake is left as it is', async () => {
  const dataDir = join(temporaryFolder(), 'typo');
  const { code, stderr } = await runRollcall(['organization', 'list'], { dataDir });
  expect(stderr).toContain(`There is no data in ${dataDir}. Name the right folder with --data-dir`);
  expect(stderr).toContain('\n  rollcall organization create USERNAME --name NAME\n');
  expect(code).toBe(1);
  expect(existsSync(dataDir)).toBe(false);
});

test('a data folder that cannot be made is said in words', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const dataDir = join(file, 'data');
  const { code, stderr } = await runRollcall(create('acme', 'Acme'), { dataDir });
  expect(stderr).toMatch(/^rollcall: The data folder .* cannot be used: ENOTDIR/);
  expect(stderr).not.toContain(' at ');
  expect(code).toBe(1);
});
