import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeFiles, makeReport } from '../support/runs.ts';
import { openServer } from '../support/servers.ts';
import {
  makeBasic,
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

/** A server with reports, of which one was run, and what reads all that has files of its own. */
async function openAcme() {
  const workplace = await openOwnWorkplace({ runsAtOnce: '1' });
  const { config, database, get, send } = workplace;
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const basic = await makeBasic(database, acme);
  const rows = Array.from({ length: 120 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  const source = await makeFiles(database, acme, join(config.dataDir, 'files'));
  const { token } = await makeReport(database, acme, source, ['select 1 as one']);
  const path = `/api/acme/reports/${token}`;
  const run = async () => {
    const made = await send({
      method: 'POST',
      url: `${path}/runs`,
      headers: { authorization: basic },
      payload: {},
    });
    expect(made.statusCode, made.body).toBe(202);
    const state = async () => (await get(`${path}/runs/${made.json().token}`, basic)).json().state;
    await expect.poll(state).toBe('succeeded');
  };
  const readAll = async () => {
    for (let page = 1; page <= 3; page++) {
      const answer = await get(`/batch/acme/reports?per_page=50&page=${page}`, bearer);
      expect(answer.statusCode, answer.body).toBe(200);
    }
    const found = await get('/api/acme/reports?q=Report', basic);
    expect([found.statusCode, found.json().pagination.total_count]).toEqual([200, 120]);
    const result = await get(`${path}/results/content.json`, basic);
    expect(result.statusCode, result.body).toBe(200);
    expect(result.json()).toEqual([{ one: 1 }]);
  };
  return { ...workplace, run, readAll };
}

test('whatever beside the store is taken away from a running server, it goes on', async () => {
  const { config, run, readAll } = await openAcme();
  await run();
  await readAll();
  for (const name of readdirSync(config.dataDir)) {
    if (name.startsWith('rollcall.sqlite') || name === 'files') continue;
    rmSync(join(config.dataDir, name), { recursive: true });
  }
  await readAll();
  await run();
  await readAll();
});

test.for(
  ['crawls.sqlite', 'lists/1/lock', 'search/1/lock', 'work/1/lock'].flatMap((file) =>
    Object.entries({ text: 'no database', zeros: '\0'.repeat(8_192), nothing: '' }).map(
      ([what, bytes]) => [file, what, bytes] as const,
    ),
  ),
)('a server starts where %s holds %s', async ([file, , bytes]) => {
  const dataDir = temporaryFolder();
  const first = await openServer({ dataDir });
  await first.close();
  const path = join(dataDir, file);
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  writeFileSync(path, bytes);
  const second = await openServer({ dataDir });
  onTestFinished(second.close);
  expect((await second.server.inject('/readyz')).json()).toEqual({ status: 'ok' });
});
