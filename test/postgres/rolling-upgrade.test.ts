import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { version } from '../../src/version.ts';
import { newRow } from '../support/changes.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { getFrom } from '../support/get-from.ts';
import { addNotes, makeProgramVersion } from '../support/program-version.ts';
import { runRollcall, runRollcallProcess, startRollcall } from '../support/run-rollcall.ts';
import { makeFiles, makeReport } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeBasic, makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

const migrations = {
  // What older versions cannot live with waits, whatever its number.
  '901-notes.ts': addNotes('0.2.0'),
  'postgres/902-require-trials.sql':
    '-- oldest: 0.2.0\nalter table organizations alter column trial set not null;\n',
  'postgres/900-trials.sql': "alter table organizations add column trial text default 'none';\n",
  'postgres/903-more-trials.sql': 'alter table organizations add column trial_two text;\n',
};

test('two servers and a worker are upgraded one by one while requests are answered and reports run', {
  timeout: 300_000,
}, async () => {
  const next = makeProgramVersion({ version: '0.2.0', migrations, hasNote: true });
  const filesDir = join(temporaryFolder(), 'files');
  const surroundings = () => ({
    dataDir: temporaryFolder(),
    env: {
      ROLLCALL_DATABASE_URL: databaseUrl,
      ROLLCALL_LOG_LEVEL: 'warn',
      ROLLCALL_FILES_DIR: filesDir,
      ROLLCALL_DATABASE_CONNECTIONS: '4',
    },
  });
  const databaseUrl = (await newDatabaseUrl()) as string;
  const own = surroundings();
  const config = readConfig({ environment: own.env, flags: {}, directory: own.dataDir });
  const database = await openStore(config);
  onTestFinished(() => database.close());
  const acme = await makeOrganization(database);
  const source = await makeFiles(database, acme, filesDir);
  const report = await makeReport(database, acme, source, ['select city from cities']);
  const [bearer, basic] = [await makeBearer(database, acme), await makeBasic(database, acme)];

  const startServer = async (program?: string) => {
    const server = await startRollcall(['serve', '--port', '0', '--runs-at-once', '0'], {
      ...surroundings(),
      ...(program ? { program } : {}),
      until: /listens on/,
    });
    return { ...server, url: /http:\S+/.exec(server.line)?.[0] as string };
  };
  const startWorker = (program?: string) =>
    startRollcall(['worker', '--runs-at-once', '1'], {
      ...surroundings(),
      ...(program ? { program } : {}),
      until: /runs reports/,
    });
  const send = async (url: string, method: string, path: string, body?: object) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: basic, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const path = `/api/acme/reports/${report.token}`;
  const rename = (url: string, name: string) => send(url, 'PATCH', path, { report: { name } });
  const runOn = async (url: string) => {
    const asked = await send(url, 'POST', `${path}/runs`, {});
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    await vi.waitFor(
      async () => {
        const { body } = await send(url, 'GET', `${path}/runs/${asked.body.token}`);
        expect(body.state).toBe('succeeded');
      },
      { timeout: 60_000, interval: 100 },
    );
  };
  const readRow = async (url: string) => {
    const { reports } = (await getFrom(url)('/batch/acme/reports', bearer)).json();
    return reports[0] as Record<string, unknown>;
  };
  const readiness = async (url: string) => getFrom(url)('/readyz');

  const [oldA, oldB, oldWorker] = await Promise.all([startServer(), startServer(), startWorker()]);
  await runOn(oldA.url);

  // Those that a load balancer sends requests to: a list is read and the report renamed all the time.
  const rotation = new Set([oldA.url, oldB.url]);
  let [isOver, requests] = [false, 0];
  const callers = (async () => {
    while (!isOver) {
      for (const url of rotation) {
        expect((await getFrom(url)('/batch/acme/reports', bearer)).statusCode).toBe(200);
        const renamed = await rename(url, `name ${++requests}`);
        expect(renamed.status, JSON.stringify(renamed.body)).toBe(200);
        await sleep(50);
      }
    }
  })();

  // The first new server applies what the old ones can live with.
  rotation.delete(oldA.url);
  await oldA.stop();
  const newA = await startServer(next);
  rotation.add(newA.url);
  expect(newA.output().stderr).toContain(
    'migrations wait: run \\"rollcall migrate --finish\\" when every server and worker has this version',
  );
  const rows = await database.all<{ version: number; appliedBy: string }>(
    'select version, applied_by as "appliedBy" from rollcall_schema where version >= 900 order by version',
  );
  expect(rows).toEqual([
    { version: 900, appliedBy: '0.2.0' },
    { version: 903, appliedBy: '0.2.0' },
  ]);
  for (const { url } of [newA, oldB]) expect((await readiness(url)).statusCode).toBe(200);
  // The old worker runs what a new server asks for, and an old server keeps what a new one wrote.
  await runOn(newA.url);
  expect((await rename(newA.url, 'by the new one')).status).toBe(200);
  expect((await rename(oldB.url, 'by the old one')).status).toBe(200);
  expect(await readRow(newA.url)).toHaveProperty('trial_note');
  await oldWorker.stop();
  await startWorker(next);
  await runOn(oldB.url);
  const newB = await startServer(next);
  rotation.delete(oldB.url);
  rotation.add(newB.url);

  // The last step, while all go on. What an old program has begun to write, it waits for.
  const late = newRow(lists.spaces);
  const writing = database.transaction(async (store) => {
    await vi.waitFor(
      async () => {
        const waiting = await database.all(
          `select 1 from pg_locks where relation = 'rollcall_schema'::regclass and not granted and mode = 'AccessExclusiveLock'`,
        );
        expect(waiting).toHaveLength(1);
      },
      { timeout: 50_000, interval: 5 },
    );
    await changeRows(store, acme.id, (writer) => writer.insert(lists.spaces, [late]));
  });
  const finished = await runRollcallProcess(['migrate', '--finish'], {
    ...surroundings(),
    program: next,
  });
  expect(finished).toMatchObject({
    code: 0,
    stdout: 'Applied 901-notes.\nApplied 902-require-trials.\n',
  });
  await writing;
  const { spaces } = (await getFrom(newB.url)('/batch/acme/spaces', bearer)).json();
  expect(spaces).toContainEqual(
    expect.objectContaining({ token: late.token, trial_note: `spaces ${late.token}` }),
  );
  const before = requests;
  await Promise.race([callers, waitFor(() => expect(requests).toBeGreaterThan(before + 4))]);
  isOver = true;
  await callers;
  // An old server that was forgotten is let in no more.
  const refused = await rename(oldB.url, 'too late');
  expect(refused).toMatchObject({ status: 503, body: { id: 'busy' } });
  const sentence = `This is Rollcall ${version}, and the store was upgraded by 0.2.0 and opens with 0.2.0 or newer only: install 0.2.0, or restore a backup made before the upgrade.`;
  const notReady = await readiness(oldB.url);
  expect([notReady.statusCode, notReady.json().message]).toEqual([503, sentence]);
  for (const args of [
    ['serve', '--port', '0'],
    ['worker'],
    ['organization', 'list'],
    ['migrate', '--finish'],
  ]) {
    const { code, stderr } = await runRollcall(args, surroundings());
    expect([code, stderr]).toEqual([1, `rollcall: ${sentence}\n`]);
  }

  const row = await readRow(newB.url);
  expect(row.name).not.toBe('too late');
  expect(row.trial_note).toBe(`reports ${report.token}`);
  await runOn(newB.url);
});
