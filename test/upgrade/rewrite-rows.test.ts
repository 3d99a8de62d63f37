import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/database/open-store.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { crawlAll, Follower, slotsOf } from '../support/changes.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { getFrom } from '../support/get-from.ts';
import { addNotes, makeProgramVersion } from '../support/program-version.ts';
import { launchRollcall } from '../support/rollcall-process.ts';
import { runRollcall, runRollcallProcess, startRollcall } from '../support/run-rollcall.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeBasic, makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

/** More rows than a few turns rewrite. */
const REPORTS = 1200;

const everything = '&include_spaces=all&per_page=1000';

test('a field was added to every row of all lists by a migration that was killed, while others read and wrote', {
  timeout: 300_000,
}, async () => {
  const dataDir = temporaryFolder();
  const databaseUrl = await newDatabaseUrl();
  const env = { ROLLCALL_DATABASE_URL: databaseUrl ?? '', ROLLCALL_LOG_LEVEL: 'warn' };
  const config = readConfig({ environment: env, flags: { dataDir }, directory: dataDir });
  const database = await openStore(config);
  onTestFinished(() => database.close());
  const acme = await makeOrganization(database);
  const other = await makeOrganization(database, 'other');
  for (const [organization, reports] of [
    [acme, REPORTS],
    [other, 10],
  ] as const)
    await generateInventory(database, organization, { seed: 1, reports }, () => undefined);
  const [bearer, basic] = [await makeBearer(database, acme), await makeBasic(database, acme)];
  const [, slot = 0] = await slotsOf(database, acme.id, 'queries');
  const [archived] = await findRows(database, acme.id, lists.queries, 'slot', [slot]);
  if (archived === undefined) throw new Error('There is no query.');
  await database.transaction((store) =>
    changeRows(store, acme.id, (writer) =>
      writer.update(lists.queries, [{ ...archived, archived: true }]),
    ),
  );

  // 0.2.0 writes the field in every row; 0.3.0 adds it to those from before.
  const between = makeProgramVersion({ version: '0.2.0', migrations: {}, hasNote: true });
  const next = makeProgramVersion({
    version: '0.3.0',
    migrations: { '901-notes.ts': addNotes('0.2.0') },
    hasNote: true,
  });
  const surroundings = { dataDir, env };
  const server = await startRollcall(['serve', '--port', '0'], {
    ...surroundings,
    program: between,
    until: /listens on/,
  });
  const url = /http:\S+/.exec(server.line)?.[0] as string;
  const get = getFrom(url);
  const before = await crawlAll({ get }, 'acme', bearer, everything);
  const page = '/batch/acme/charts?page=2';
  const oldTag = (await get(page, bearer)).headers.etag;

  // Others read pages and changes, rename reports, and add some.
  const follower = new Follower({ get }, 'acme', bearer, '&include_spaces=all');
  let isOver = false;
  let writes = 0;
  const shared = await get('/batch/acme/reports?per_page=1000', bearer);
  const { reports } = shared.json<{ reports: { token: string; space_token: string }[] }>();
  const reading = (async () => {
    for (let number = 1; !isOver; number++) {
      await follower.step();
      for (const name of ['reports', 'queries'])
        expect((await get(`/batch/acme/${name}?page=${1 + (number % 9)}`, bearer)).statusCode).toBe(
          200,
        );
      await sleep(20);
    }
  })();
  const writing = (async () => {
    for (; !isOver; writes++) {
      const { token, space_token } = reports[(writes * 7) % reports.length] as (typeof reports)[0];
      const send = (method: string, path: string, name: string) =>
        fetch(url + path, {
          method,
          headers: { authorization: basic, 'content-type': 'application/json' },
          body: JSON.stringify({ report: { name } }),
        });
      const path = writes % 4 === 0 ? `spaces/${space_token}/reports` : `reports/${token}`;
      const response = await send(
        writes % 4 === 0 ? 'POST' : 'PATCH',
        `/api/acme/${path}`,
        `zebra ${writes}`,
      );
      expect(response.status, await response.text()).toBeLessThan(300);
      await sleep(20);
    }
  })();

  const placeOf = async () =>
    (
      await database.get<{ place: string | null }>(
        'select place from rollcall_schema where version = 901',
      )
    )?.place
      ?.split('/')
      .map(Number);
  const migrate = (more: Record<string, string> = {}) =>
    launchRollcall(['migrate', '--finish'], {
      dataDir,
      env: { ...env, ...more },
      program: next,
    });
  // It comes no further than that, however late it is killed.
  const killed = migrate({ TEST_HANGS_AT: 'charts' });
  for (let list = 0; list < 2; await sleep(1)) [, list = 0] = (await placeOf()) ?? [];
  await killed.stop('SIGKILL');
  const place = await placeOf();
  expect(place?.[0], killed.output().stderr).toBe(acme.id);
  const count = async (condition: string) =>
    (
      await database.get<{ count: number }>(
        `select count(*) as count from discovery_rows where ${condition}`,
      )
    )?.count ?? 0;
  const hasNote = `${databaseUrl ? "convert_from(body, 'UTF8')" : 'cast(body as text)'} like '%"trial_note":"%'`;
  const [rewritten, all] = [await count(hasNote), await count('body is not null')];
  expect(rewritten).toBeGreaterThan(0);
  expect(rewritten).toBeLessThan(all);

  // Two go on at once, and share what is left.
  const [again, beside] = [migrate(), migrate()];
  const placesAfter: number[][] = [];
  for (let isDone = false; !isDone; ) {
    isDone = await Promise.race([again.ended.then(() => true), sleep(5).then(() => false)]);
    placesAfter.push((await placeOf()) ?? []);
  }
  const outcomes = await Promise.all([again.ended, beside.ended]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(outcomes.filter(({ stdout }) => stdout === 'Applied 901-notes.\n')).toHaveLength(1);
  const [firstSeen = []] = placesAfter;
  expect(firstSeen.slice(0, 2)).toEqual(expect.arrayContaining([acme.id]));
  expect(firstSeen[1]).toBeGreaterThanOrEqual(place?.[1] ?? 0);
  const writesBefore = writes;
  await Promise.race([
    reading,
    writing,
    waitFor(() => expect(writes).toBeGreaterThan(writesBefore + 3)),
  ]);
  isOver = true;
  await Promise.all([reading, writing]);

  // Every row has the field, and whoever follows the changes has what a crawl gets.
  const after = await crawlAll({ get }, 'acme', bearer, everything);
  await follower.catchUp();
  expect(follower.restarts).toBe(0);
  expect(follower.copy()).toEqual(after);
  for (const { name, idField, tokenField } of Object.values(lists)) {
    const [old, rows] = [before, after].map(
      (crawled) => JSON.parse(`[${crawled[name]}]`) as Record<string, unknown>[],
    ) as [Record<string, unknown>[], Record<string, unknown>[]];
    expect(rows.map((row) => row[idField]).slice(0, old.length)).toEqual(
      old.map((row) => row[idField]),
    );
    for (const row of rows) expect(row, name).toHaveProperty('trial_note');
    for (const row of rows.slice(0, old.length))
      expect(row.trial_note).toBe(`${name} ${row[tokenField]}`);
  }
  expect(await count(hasNote.replace('body', 'archived_body'))).toBe(1);
  const newTag = (await get(page, bearer)).headers.etag;
  expect(newTag).not.toBe(oldTag);
  expect((await get(page, bearer, { 'if-none-match': String(newTag) })).statusCode).toBe(304);
  const zebras = (JSON.parse(`[${after.reports}]`) as { name: string | null }[]).filter(
    ({ name }) => name?.startsWith('zebra'),
  );
  const search = () => get('/api/acme/reports?q=zebra&per_page=100', basic);
  await vi.waitFor(async () => {
    const found = await search();
    expect(found.statusCode, found.body).toBe(200);
    expect(found.json().pagination.total_count).toBe(zebras.length);
  }, 30_000);
  const doctor = await runRollcallProcess(['doctor', '--json'], { ...surroundings, program: next });
  const findings = JSON.parse(doctor.stdout) as {
    check: string;
    result: string;
    message: string;
  }[];
  for (const { username } of [acme, other])
    expect(findings.find(({ check }) => check === `lists of ${username}`)).toMatchObject({
      result: 'ok',
    });

  // The version before both is let in no more.
  const refused = await runRollcall(['organization', 'list'], surroundings);
  expect(refused.stderr).toMatch(
    /^rollcall: This is Rollcall \S+, and the store was upgraded by 0\.3\.0 and opens with 0\.2\.0 or newer only: install 0\.3\.0, or restore a backup made before the upgrade\.\n$/,
  );
});
