import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { equipmentOf, type FindFault } from '../../src/data-sources/equipment.ts';
import { secretKeyOf } from '../../src/data-sources/secret-key.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { findRun } from '../../src/runs/run-store.ts';
import { enqueue, makeFiles, makeReport, makeWorker } from '../support/runs.ts';
import { makeSealedSource } from '../support/sealed-source.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  makeBasic,
  makeOrganization,
  openWorkplace,
  temporaryFolder,
  type Workplace,
} from '../support/workplace.ts';

/** A machine with a data folder of its own, and what it says of itself. */
function machine(
  { database, time }: Workplace,
  environment: Record<string, string> = {},
  dataDir = temporaryFolder(),
) {
  const config = readConfig({ environment, flags: { dataDir }, directory: dataDir });
  const connections = {
    secretKey: secretKeyOf(config, randomIdentifiers),
    filesDir: config.filesDir ?? join(dataDir, 'files'),
  };
  const clock = () => time.nowMs;
  const outside = { database, clock, identifiers: randomIdentifiers };
  const findFault: FindFault = equipmentOf(connections, outside);
  const message = async () => (await findFault())?.message;
  return { dataDir, filesDir: connections.filesDir, connections, findFault, message };
}

/** An organization with a data source that needs a password, which the server of the workplace has sealed. */
async function openSealed() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const authorization = await makeBasic(workplace.database, acme);
  const make = () => makeSealedSource(workplace, authorization);
  const made = await make();
  expect(made.statusCode).toBe(201);
  const { token } = made.json();
  const report = await makeReport(workplace.database, acme, token, ['select 1']);
  const keyFile = join(workplace.config.dataDir, 'secret.key');
  return { ...workplace, acme, make, report, keyFile };
}

/** What is said of a run that a worker had the time to take. */
async function stateAfterLooking(workplace: Workplace, look: ReturnType<typeof vi.fn>) {
  await waitFor(() => expect(look.mock.calls.length).toBeGreaterThan(1));
  return workplace;
}

describe('a worker without the key of the store', () => {
  test.each<[string, Record<string, string>]>([
    ['because it has none', {}],
    ['because it has another', { ROLLCALL_SECRET_KEY: 'x'.repeat(32) }],
  ])('%s takes no run, and says once why', async (_, environment) => {
    const workplace = await openSealed();
    const { database, acme, report } = workplace;
    const { findFault, connections, dataDir } = machine(workplace, environment);
    const run = await enqueue(workplace, acme, report);
    const faults: Error[] = [];
    const look = vi.fn(findFault);
    const worker = makeWorker(workplace, connections.filesDir, {
      connections,
      findFault: look,
      onFault: (error) => faults.push(error),
    });
    worker.start();
    await stateAfterLooking(workplace, look);
    expect(await findRun(database, acme.id, run.token)).toMatchObject({
      state: 'waiting',
      attempt: 0,
    });
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^No runs are taken\. .*secret key.*rollcall adopt --key/),
    ]);
    // It has made none of its own, with which it would believe itself right.
    expect(existsSync(join(dataDir, 'secret.key'))).toBe(false);
  });

  test('takes runs once it has the key', async () => {
    const workplace = await openSealed();
    const { acme, report, keyFile, database } = workplace;
    const { findFault, connections, dataDir, message } = machine(workplace);
    const run = await enqueue(workplace, acme, report);
    const worker = makeWorker(workplace, connections.filesDir, {
      connections,
      findFault,
      onFault: () => undefined,
    });
    worker.start();
    expect(await message()).toContain('the secret key is missing');
    cpSync(keyFile, join(dataDir, 'secret.key'));
    await waitFor(async () =>
      expect((await findRun(database, acme.id, run.token))?.attempt).toBe(1),
    );
  });
});

describe('the key', () => {
  test('of a store without passwords may be any or none', async () => {
    const workplace = await openWorkplace();
    expect(await machine(workplace).message()).toBeUndefined();
    const environment = { ROLLCALL_SECRET_KEY: 'x'.repeat(32) };
    expect(await machine(workplace, environment).message()).toBeUndefined();
  });

  test('that seals a password first is the store’s: a server with another keeps none, and is not ready', async () => {
    const workplace = await openSealed();
    const { keyFile, get, make } = workplace;
    expect((await get('/readyz')).statusCode).toBe(200);
    const other = machine(workplace, { ROLLCALL_SECRET_KEY_FILE: keyFile });
    expect(await other.message()).toBeUndefined();
    // As if another server had sealed the first one.
    await workplace.database.run("update store_marks set value = 'f' where name = 'secret_key'");
    const ready = await get('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json().message).toMatch(
      /^This machine does not have the secret key of the store\./,
    );
    expect(ready.body).not.toContain(workplace.config.dataDir);
    const refused = await make();
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({
      id: 'busy',
      message:
        'This server does not have the secret key of the store, so it cannot store passwords.',
    });
  });

  test.each([
    ['short', 'too short\n'],
    ['empty', ''],
  ])('that is %s in its file is a fault that is said', async (_, text) => {
    const workplace = await openSealed();
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'secret.key'), text);
    expect(await machine(workplace, {}, dataDir).message()).toContain('it must have at least 32');
  });

  test('whose file is a folder is a fault that is said', async () => {
    const workplace = await openSealed();
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'secret.key'));
    expect(await machine(workplace, {}, dataDir).message()).toContain('cannot be read');
  });
});

describe('the files', () => {
  async function openFiles() {
    const workplace = await openWorkplace();
    const acme = await makeOrganization(workplace.database);
    const first = machine(workplace);
    const token = await makeFiles(workplace.database, acme, first.filesDir);
    expect(await first.message()).toBeUndefined();
    const report = await makeReport(workplace.database, acme, token, ['select * from cities']);
    return { ...workplace, acme, first, report };
  }

  test('that a worker does not see keep it from taking runs', async () => {
    const workplace = await openFiles();
    const { database, acme, report } = workplace;
    const run = await enqueue(workplace, acme, report);
    const { findFault, connections } = machine(workplace);
    const look = vi.fn(findFault);
    const faults: Error[] = [];
    const worker = makeWorker(workplace, connections.filesDir, {
      findFault: look,
      onFault: (error) => faults.push(error),
    });
    worker.start();
    await stateAfterLooking(workplace, look);
    expect((await findRun(database, acme.id, run.token))?.state).toBe('waiting');
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^No runs are taken\. The files of data sources are not in /),
    ]);
  });

  test.each<[string, (files: string, other: string) => void]>([
    ['nothing', () => undefined],
    ['an empty folder', (_, other) => mkdirSync(other)],
    [
      'a folder of the organization that is empty',
      (_, other) => mkdirSync(join(other, 'acme'), { recursive: true }),
    ],
    [
      'the files of another store',
      (files, other) => {
        cpSync(files, other, { recursive: true });
        writeFileSync(join(other, '.rollcall-files'), 'of another\n');
      },
    ],
  ])('are not taken for %s', async (_, prepare) => {
    const workplace = await openFiles();
    const other = machine(workplace);
    prepare(workplace.first.filesDir, other.filesDir);
    expect(await other.message()).toMatch(
      /^The files of data sources are .*rollcall adopt --files/,
    );
  });

  test('are known in a shared folder, and in a copy of it, with or without what is hidden', async () => {
    const workplace = await openFiles();
    const { first } = workplace;
    const shared = machine(workplace, { ROLLCALL_FILES_DIR: first.filesDir });
    expect(await shared.message()).toBeUndefined();
    for (const hidden of [true, false]) {
      const copied = machine(workplace);
      cpSync(first.filesDir, copied.filesDir, { recursive: true });
      const mark = join(copied.filesDir, '.rollcall-files');
      if (!hidden) rmSync(mark);
      expect(await copied.message()).toBeUndefined();
      expect(readFileSync(mark)).toEqual(readFileSync(join(first.filesDir, '.rollcall-files')));
    }
  });

  test('that nobody has seen yet are nobody’s: a data source on a missing folder keeps no worker from its work', async () => {
    const workplace = await openWorkplace();
    const acme = await makeOrganization(workplace.database);
    const elsewhere = temporaryFolder();
    await makeFiles(workplace.database, acme, elsewhere);
    expect(await machine(workplace).message()).toBeUndefined();
  });

  test('one of which is deleted are the same files: what reads it fails, and says so', async () => {
    const workplace = await openFiles();
    rmSync(join(workplace.first.filesDir, 'acme'), { recursive: true });
    expect(await workplace.first.message()).toBeUndefined();
  });
});
