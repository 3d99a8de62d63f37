import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import {
  type ImportSource,
  importInventory,
  rehearseImport,
  settleImports,
} from '../../src/import/import-inventory.ts';
import { LEASE_MS } from '../../src/import/import-run.ts';
import { readChanges } from '../../src/inventory/change-store.ts';
import { readChangedRows } from '../../src/inventory/changed-row-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { countRows, getPosition, listRowsAfter } from '../../src/inventory/row-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { createServer } from '../../src/server.ts';
import { sourceOf } from '../support/import-source.ts';
import { putRows, reportRow } from '../support/rows.ts';
import {
  makeBasic,
  makeBearer,
  makeOrganization,
  openWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

const outside = { clock: systemClock, identifiers: randomIdentifiers };
const later = { ...outside, clock: () => systemClock() + 2 * LEASE_MS };

async function openPlace() {
  const workplace = await openWorkplace();
  const { database } = workplace;
  const acme = await makeOrganization(database);
  const admins = {
    acme: await makeBasic(database, acme),
    rival: await makeBasic(database, await makeOrganization(database, 'rival')),
  };
  const write = (organization: 'acme' | 'rival', name: string) =>
    workplace.send({
      method: 'POST',
      url: `/api/${organization}/spaces`,
      headers: { authorization: admins[organization] },
      payload: { space: { name } },
    });
  return { ...workplace, acme, admins, write, bearer: await makeBearer(database, acme) };
}

/** Imports, and does something before each transaction but the first, in which the import has written some or all of its rows. */
function importInto(
  database: Database,
  organization: Organization,
  source: ImportSource,
  beforeEach: (state: string) => Promise<void> = async () => undefined,
  { clock, identifiers } = outside,
) {
  const watched: Database = {
    ...database,
    async transaction(work) {
      const found = await database.get<{ state: string }>('select state from imports');
      if (found) await beforeEach(found.state);
      return database.transaction(work);
    },
  };
  const how = { keepMissing: false, mostDeleted: Number.POSITIVE_INFINITY };
  return importInventory(watched, organization, source, how, { clock, identifiers });
}

/** All that those read who follow the changes: from the start, and from where they were. */
async function followed(database: Database, { id }: Organization, positions: readonly number[]) {
  const read: unknown[] = [await getPosition(database, id)];
  for (const list of Object.values(lists)) {
    for (const view of ['all', 'shared'] as const) {
      read.push(await listRowsAfter(database, id, { list, view, slot: 0, limit: 9000 }));
      for (const position of positions)
        read.push(
          await readChangedRows(database, id, { list, what: view, after: position, limit: 9000 }),
        );
    }
    for (const position of positions)
      read.push(
        await readChangedRows(database, id, {
          list,
          what: 'existing',
          after: position,
          limit: 9000,
        }),
      );
  }
  const { epoch } = (await database.get<{ epoch: string }>(
    'select epoch from organizations where id = ?',
    [id],
  )) as { epoch: string };
  for (const view of ['all', 'shared'] as const) {
    for (const position of positions) {
      const after = { epoch, position, startedAt: position };
      read.push((await readChanges(database, id, { view, after, limit: 9000 })).batch);
    }
  }
  return JSON.stringify(read, (_key, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString() : value,
  );
}

test('who read lists, changes or the search during an import saw half of it, and nobody else could write', async () => {
  const { database, acme, get, write, bearer, admins } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 250 }));
  await write('acme', 'Ours');
  const positions = [0, 300, await getPosition(database, acme.id)];
  const before = await followed(database, acme, positions);
  const page = () => get('/batch/acme/reports?per_page=3&page=2&include_spaces=all', bearer);
  const ask = async (url: string) => (await get(url, admins.acme)).body;
  const found = () => ask('/api/acme/reports?q=v2');
  const rollCall = () => ask('/api/acme/roll_call');
  const pageBefore = await page();
  expect(pageBefore.statusCode).toBe(200);
  const answersBefore = [await found(), await rollCall()];

  const seen: string[] = [];
  await importInto(
    database,
    acme,
    sourceOf({ version: 'v2', from: 150, to: 1750, isPersonal: true }),
    async (state) => {
      seen.push(state);
      // Reading all of it takes a while.
      if (state === 'published' || (state === 'planning' && seen.length > 1)) return;
      expect(await followed(database, acme, positions)).toBe(before);
      const pageNow = await page();
      expect([pageNow.headers.etag, pageNow.body]).toEqual([
        pageBefore.headers.etag,
        pageBefore.body,
      ]);
      expect([await found(), await rollCall()]).toEqual(answersBefore);
      const busy = await write('acme', 'Not now');
      expect(busy.statusCode).toBe(503);
      expect(busy.headers['retry-after']).toBeDefined();
      expect(busy.json()).toMatchObject({
        message: expect.stringContaining('An import into this organization is in progress.'),
      });
      expect((await write('rival', `Space ${seen.length}`)).statusCode).toBe(200);
    },
  );
  // It was in the middle of it several times.
  expect(seen.filter((state) => state === 'applying').length).toBeGreaterThan(2);
  expect(seen).toContain('planning');

  expect(await followed(database, acme, positions)).not.toBe(before);
  expect((await countRows(database, acme.id)).reports).toEqual({ all: 1600, personal: 1600 });
  expect((await page()).json().pagination.total_count).toBe(1600);
  const changed = await get(
    `/batch/acme/changes?after=${pageBefore.headers['rollcall-cursor']}`,
    bearer,
  );
  expect(changed.json().changes.length).toBeGreaterThan(0);
  expect((await write('acme', 'Now')).statusCode).toBe(200);
});

test('a server that began during an import made its lists of half of it', async () => {
  const { database, acme, config, bearer } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 900 }));
  const bodies = new Set<string>();
  const read = async () => {
    const other = await createServer({ ...config, dataDir: temporaryFolder() }, database, outside);
    const headers = { authorization: bearer, accept: 'application/x-ndjson' };
    bodies.add((await other.inject({ url: '/batch/acme/queries', headers })).body);
    await other.close();
  };
  await read();
  let applying = 0;
  await importInto(
    database,
    acme,
    sourceOf({ version: 'v2', from: 2, to: 1800 }),
    async (state) => {
      if (state === 'applying' && applying++ % 2 === 1) await read();
    },
  );
  expect(applying).toBeGreaterThan(2);
  expect(bodies.size).toBe(1);
});

test('an import kept other processes from writing to other organizations until it was done', async () => {
  const { database, acme, config } = await openPlace();
  const rival = await makeOrganization(database, 'other-rival');
  const other = await openStore(config);
  let isDone = false;
  let applying = 0;
  let written = 0;
  const writing = (async () => {
    for (; !isDone; await sleep(1)) {
      if (applying === 0) continue;
      await putRows(other, rival, lists.reports, [reportRow(written + 1)]);
      if (!isDone) written++;
    }
  })();
  await importInto(
    database,
    acme,
    sourceOf({ version: 'v1', from: 1, to: 2800 }),
    async (state) => {
      if (state === 'applying') applying++;
    },
  );
  isDone = true;
  await writing;
  await other.close();
  expect(applying).toBeGreaterThan(2);
  expect(written).toBeGreaterThanOrEqual(applying - 1);
});

/** Breaks an import off, as a kill does, once it has been in a state for some transactions. */
async function breakOff(
  database: Database,
  organization: Organization,
  source: ImportSource,
  [wanted, times]: [state: string, times: number],
): Promise<void> {
  let left = times;
  const broken = importInto(database, organization, source, async (state) => {
    if (state === wanted && left-- <= 0) throw new Error('killed');
  });
  await expect(broken).rejects.toThrow('killed');
}

test.each([
  ['planning', 0, 'v1'],
  ['planning', 1, 'v1'],
  ['applying', 0, 'v2'],
  ['applying', 1, 'v2'],
  ['published', 0, 'v2'],
])(
  'an import that was killed while %s (%i) goes on by itself, or is as if it had never been',
  async (state, times, version) => {
    const { database, acme, write } = await openPlace();
    await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 900 }));
    await breakOff(database, acme, sourceOf({ version: 'v2', from: 50, to: 950 }), [state, times]);
    await settleImports({ database, ...outside });
    const isFree = state === 'published';
    expect((await write('acme', 'Meanwhile')).statusCode).toBe(isFree ? 200 : 503);

    const logged: string[] = [];
    await settleImports(
      { database, ...later },
      { log: (facts, message) => logged.push(`${facts.organization_id}: ${message}`) },
    );
    expect(logged).toEqual([
      `${acme.id}: import taken over: its process stopped responding while ${state}`,
      `${acme.id}: ${version === 'v1' ? 'import undone: it had not been planned to the end' : 'import completed'}`,
    ]);
    const rows = await listRowsAfter(database, acme.id, {
      ...{ list: lists.reports, view: 'all', slot: 0, limit: 5000 },
    });
    expect(rows).toHaveLength(version === 'v1' ? 899 : 900);
    expect(rows.filter(({ body }) => !String(body).includes(` ${version}"`))).toEqual([]);
    for (const table of ['imports', 'import_steps', 'replaced_rows'])
      expect(await database.all(`select 1 from ${table}`)).toEqual([]);
    expect((await write('acme', 'Afterwards')).statusCode).toBe(200);
    const audit = await database.all(
      "select 1 from audit_log where organization_id = ? and action = 'inventory.imported'",
      [acme.id],
    );
    expect(audit).toHaveLength(version === 'v1' ? 1 : 2);
  },
);

test('the next import goes on with what a killed one has left, and a living one is left alone', async () => {
  const { database, acme } = await openPlace();
  await breakOff(database, acme, sourceOf({ version: 'v1', from: 1, to: 1500 }), ['applying', 1]);
  const next = sourceOf({ version: 'v2', from: 1, to: 1500 });
  const summary = await importInto(database, acme, next, undefined, later);
  expect(summary.reports).toMatchObject({ added: 0, changed: 1499 });

  let refusal: Promise<unknown> | undefined;
  const third = sourceOf({ version: 'v3', from: 1, to: 1500 });
  await importInto(database, acme, third, async () => {
    if (refusal !== undefined) return;
    refusal = importInto(database, acme, next).catch((error) => error.message);
    // It is heard of while the other one looks.
    await sleep(500);
    await database.run("update imports set leased_until = '2999-01-01T00:00:00.000Z'");
    expect(await refusal).toMatch(/^Another process is importing/);
  });
  expect((await countRows(database, acme.id)).reports.all).toBe(1499);
});

test('a process that was not heard of for a while wrote into an import that another one had taken over', async () => {
  const { database, acme } = await openPlace();
  let isTaken = false;
  const lost = importInto(
    database,
    acme,
    sourceOf({ version: 'v1', from: 1, to: 900 }),
    async (state) => {
      if (state !== 'applying' || isTaken) return;
      isTaken = true;
      await settleImports({ database, ...later });
    },
  );
  await expect(lost).rejects.toThrow('another one has taken over the import');
  expect((await countRows(database, acme.id)).reports.all).toBe(899);
});

test.each([
  ['a fault of ours', 'none'],
  ['a fault of ours, and was killed while it was restored', 'restoring'],
  ['processes that ended again and again', 'killed'],
])('an import that failed for good by %s kept its organization closed', async (_, how) => {
  const { database, acme, get, write, bearer, admins } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 900 }));
  await write('acme', 'Ours');
  const shown = async () => {
    const listed = [];
    for (const list of Object.values(lists))
      for (const view of ['all', 'shared'] as const)
        for (const row of await listRowsAfter(database, acme.id, {
          ...{ list, view, slot: 0, limit: 9000 },
        }))
          listed.push(`${list.name} ${view} ${row.slot} ${row.body}`);
    const sources = await database.all(
      'select slot, source_id, parent, was_shared from discovery_rows where body is not null order by slot',
    );
    return JSON.stringify([listed, sources]);
  };
  const before = await shown();
  const page = async () => (await get('/batch/acme/reports?include_spaces=all', bearer)).json();
  const pageBefore = await page();
  const next = sourceOf({ version: 'v2', from: 50, to: 2500, isPersonal: true });
  let applied = 0;
  const failing = importInto(database, acme, next, async (state) => {
    if (state === how) throw new Error('killed');
    if (state !== 'applying' || applied++ < 1) return;
    if (how === 'killed') throw new Error('killed');
    await database.run(
      'update import_steps set content = ? where number = (select max(number) from import_steps)',
      ['{'],
    );
  });
  if (how === 'none') {
    await expect(failing).rejects.toThrow('The import failed and was undone');
  } else {
    await expect(failing).rejects.toThrow();
    expect((await write('acme', 'Not now')).statusCode).toBe(503);
    if (how === 'killed') await database.run('update imports set attempts = 5');
    await settleImports({ database, ...later });
  }
  expect(applied).toBeGreaterThan(1);
  expect(await shown()).toBe(before);
  expect((await page()).reports).toEqual(pageBefore.reports);
  for (const table of ['imports', 'import_steps', 'replaced_rows'])
    expect(await database.all(`select 1 from ${table}`)).toEqual([]);
  const { entries } = (
    await get('/api/acme/audit_log?action=inventory.import_undone', admins.acme)
  ).json();
  expect(entries).toHaveLength(1);
  expect((await write('acme', 'Afterwards')).statusCode).toBe(200);
  const summary = await importInto(database, acme, next);
  expect(summary.reports).toMatchObject({ added: 1600 });
});

test('a draft that was saved while an import removed its report was lost with it', async () => {
  const { database, acme, get, send, admins } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 100 }));
  const draftOf = (number: number) => `/api/acme/reports/${reportRow(number).token}/draft`;
  const save = (number: number) =>
    send({
      method: 'PUT',
      url: draftOf(number),
      headers: { authorization: admins.acme },
      payload: { draft: { base_version: 0, content: { name: 'Half wri' } } },
    });
  const saved: number[] = [];
  const summary = await importInto(
    database,
    acme,
    sourceOf({ version: 'v2', from: 50, to: 900 }),
    async (state) => {
      // What goes, goes last.
      if (state === 'applying' && saved.length === 0) saved.push((await save(7)).statusCode);
      else if (state === 'published') saved.push((await save(8)).statusCode);
    },
  );
  expect(saved.slice(0, 2)).toEqual([200, 404]);
  expect(summary.reports).toMatchObject({ deleted: 48, archived: 1 });
  expect(summary.queries).toMatchObject({ deleted: 48, archived: 1 });
  expect((await get(draftOf(7), admins.acme)).json().content).toEqual({ name: 'Half wri' });
  expect(
    await database.all('select report_slot from drafts where organization_id = ?', [acme.id]),
  ).toHaveLength(1);
  const { entries } = (await get('/api/acme/audit_log?action=report.archived', admins.acme)).json();
  expect(entries).toMatchObject([{ subject: { token: reportRow(7).token } }]);
  // It comes back with the source, with its query.
  const back = await importInto(database, acme, sourceOf({ version: 'v3', from: 1, to: 900 }));
  expect(back.reports).toMatchObject({ restored: 1 });
  expect((await countRows(database, acme.id)).queries.all).toBe(899);
});

test('a space was removed with the report that was kept for a draft', async () => {
  const { database, acme, get, send, admins } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 10 }));
  const draft = `/api/acme/reports/${reportRow(7).token}/draft`;
  let isSaved = false;
  const nothing = sourceOf({ version: 'v2', from: 1, to: 1 });
  const emptied = {
    ...nothing,
    lists: nothing.lists.map((one) => ({ ...one, rows: () => [] })),
  };
  await importInto(database, acme, emptied, async (state) => {
    if (state !== 'applying' || isSaved) return;
    isSaved = true;
    await send({
      method: 'PUT',
      url: draft,
      headers: { authorization: admins.acme },
      payload: { draft: { base_version: 0, content: { name: 'Half wri' } } },
    });
  });
  expect((await get(draft, admins.acme)).json().content).toEqual({ name: 'Half wri' });
  const counts = await countRows(database, acme.id);
  expect([counts.reports.all, counts.spaces.all]).toEqual([0, 1]);
});

test('a rehearsal in the middle of another import took half of its rows for what was there', async () => {
  const { database, acme } = await openPlace();
  await importInto(database, acme, sourceOf({ version: 'v1', from: 1, to: 3000 }));
  const next = sourceOf({ version: 'v2', from: 1, to: 3000 });
  const rehearse = async () => {
    const how = { keepMissing: false };
    const steps = rehearseImport(database, acme, next, how, randomIdentifiers);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value.summary.reports;
    }
  };
  const before = await rehearse();
  expect(before?.changed).toBeGreaterThan(2000);
  const seen = new Set<string>();
  await importInto(database, acme, next, async (state) => {
    if (seen.has(state)) return;
    seen.add(state);
    if (state === 'applying')
      await expect(rehearse()).rejects.toThrow('has not ended yet, so nothing can be compared');
    else if (state === 'planning') expect(await rehearse()).toEqual(before);
  });
  expect([...seen]).toEqual(expect.arrayContaining(['planning', 'applying']));
  expect(await rehearse()).toMatchObject({ added: 0, changed: 0, deleted: 0 });
});
