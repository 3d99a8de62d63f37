import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeFiles } from '../support/runs.ts';
import { makeSealedSource } from '../support/sealed-source.ts';
import {
  makeBasic,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openOwnWorkplace();
  const acme = await makeOrganization(workplace.database);
  const authorization = await makeBasic(workplace.database, acme);
  const surroundings = { dataDir: workplace.config.dataDir };
  const doctor = async () => (await runRollcall(['doctor', '--port', '0'], surroundings)).stdout;
  return { ...workplace, acme, authorization, surroundings, doctor };
}

test('a key that is lost: servers and workers say how to go on, and that way leads on', async () => {
  const workplace = await openAcme();
  const { surroundings, doctor, authorization } = workplace;
  const { token, name } = (await makeSealedSource(workplace, authorization)).json();
  const keyFile = join(surroundings.dataDir, 'secret.key');
  const lost = readFileSync(keyFile, 'utf8');
  rmSync(keyFile);

  for (const args of [['serve', '--port', '0'], ['worker'], ['demo', '--port', '0']]) {
    const { code, stderr } = await runRollcall(args, surroundings);
    expect(stderr).toMatch(
      /the secret key is missing: there is none in .*secret\.key\.\n.*ROLLCALL_SECRET_KEY/,
    );
    expect(stderr).toContain('rollcall adopt --key');
    expect(code).toBe(1);
    expect(existsSync(keyFile)).toBe(false);
  }

  const adopted = await runRollcall(['adopt', '--key'], surroundings);
  expect(adopted).toEqual({
    code: 0,
    stderr: '',
    stdout:
      `The store's secret key is now the one in ${keyFile}.\n` +
      `Enter the passwords of these data sources again:\n  acme  ${token}  ${name}\n`,
  });
  expect(readFileSync(keyFile, 'utf8')).not.toBe(lost);
  expect(await doctor()).toContain(
    `warning secret key: It does not decrypt the passwords of "${name}" of acme.`,
  );

  // A server that is started now takes the password again.
  const restarted = await openOwnWorkplace({ dataDir: surroundings.dataDir });
  const entered = await restarted.send({
    method: 'PATCH',
    url: `/api/acme/data_sources/${token}`,
    headers: { authorization },
    payload: { data_source: { password: 'battery staple' } },
  });
  expect(entered.statusCode).toBe(200);
  expect(await doctor()).toMatch(/^ok {6}secret key: It is in .*, and decrypts every password\./m);
  expect((await restarted.get('/readyz')).statusCode).toBe(200);
});

test('files that were replaced by others are adopted', async () => {
  const { database, acme, surroundings, doctor, get } = await openAcme();
  const files = join(surroundings.dataDir, 'files');
  await makeFiles(database, acme, files);
  // As in a folder that the server cannot write to.
  mkdirSync(join(files, '.rollcall-files'));
  expect((await get('/readyz')).statusCode).toBe(200);
  expect(await doctor()).toMatch(/^warning files folder: .*rollcall adopt --files/m);
  rmSync(join(files, '.rollcall-files'), { recursive: true });
  expect(await readRollcall(['adopt', '--files'], surroundings)).toEqual({ files });
  expect(await doctor()).toMatch(/^ok {6}files folder/m);
  rmSync(files, { recursive: true });
  const ready = await get('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.json().message).toMatch(
    /^This machine does not have the files that data sources read/,
  );
  expect(await doctor()).toMatch(/^problem files folder: .*rollcall adopt --files/m);

  const other = temporaryFolder();
  expect(await readRollcall(['adopt', '--files', '--files-dir', other], surroundings)).toEqual({
    files: other,
  });
  const env = { ROLLCALL_FILES_DIR: other, ROLLCALL_PORT: '0' };
  const after = await runRollcall(['doctor'], { ...surroundings, env });
  expect(after.stdout).toMatch(/^ok {6}files folder/m);
});

test('nothing is adopted that is not named, or not there', async () => {
  const { surroundings } = await openAcme();
  const unnamed = await runRollcall(['adopt'], surroundings);
  expect(unnamed.stderr).toContain('rollcall adopt --key');
  const missing = join(temporaryFolder(), 'none');
  const args = ['adopt', '--files', '--files-dir', missing];
  expect((await runRollcall(args, surroundings)).stderr).toContain(`There is no folder ${missing}`);
});

test('passwords that were sealed before the store had a mark of its key are the mark', async () => {
  const workplace = await openAcme();
  const { database, authorization, surroundings, doctor } = workplace;
  await makeSealedSource(workplace, authorization);
  await database.run('delete from store_marks');
  expect(await doctor()).toMatch(/^ok {6}secret key: It is in/m);
  const env = { ROLLCALL_SECRET_KEY: 'x'.repeat(32) };
  const other = await runRollcall(['serve', '--port', '0'], { ...surroundings, env });
  expect(other.stderr).toMatch(
    /encrypted with a secret key other than this one \(ROLLCALL_SECRET_KEY\)/,
  );
  expect(await database.all('select * from store_marks')).toEqual([]);
});
