import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { ListFiles } from '../../src/discovery/list-files.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { type List, lists, listsParentsFirst, type View } from '../../src/inventory/lists.ts';
import { toBytes } from '../../src/inventory/row.ts';
import { findRows, getPosition } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { rounds } from '../support/rounds.ts';
import { makeOrganization, temporaryFolder } from '../support/workplace.ts';

const NOTHING = '';

/** A store as the server sees it and as another process does, and listFiles of it. */
async function openAcme(options?: { maxOpen?: number }) {
  const dataDir = temporaryFolder();
  const database = await openStore({ dataDir });
  const otherProcess = await openStore({ dataDir });
  const folder = join(dataDir, 'lists');
  const listFiles = new ListFiles(database, folder, options);
  onTestFinished(async () => {
    listFiles.close();
    await otherProcess.close();
    await database.close();
  });
  const acme = await makeOrganization(database);
  const read = async (
    list: List,
    view: View,
    start = 0,
    count = 1_000_000,
    { id } = acme,
  ): Promise<string> => {
    const position = await getPosition(database, id);
    return listFiles.read({ id, position, epoch: 'one' }, list, view, (file) =>
      file.page(start, count, NOTHING, NOTHING).read().toString(),
    );
  };
  const write = <Result>(work: (writer: RowWriter) => Promise<Result>, organization = acme) =>
    otherProcess.transaction((store) => changeRows(store, organization.id, work));
  return { database, otherProcess, folder, listFiles, acme, read, write };
}

function openFilesIn(folder: string): string[] {
  const files = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return ''; // what the folder was read with is closed by now
    }
  });
  return files.filter((file) => file.startsWith(folder));
}

/** What a view must hold, asked of the store. */
async function expected(
  database: Database,
  { id }: Organization,
  list: List,
  view: View,
): Promise<string[]> {
  const rows = await database.all<{ body: Buffer }>(
    `select body from discovery_rows where organization_id = ? and list = ? and body is not null
     ${view === 'shared' ? 'and personal = 0' : ''} order by slot`,
    [id, list.number],
  );
  return rows.map(({ body }) => body.toString());
}

let lastNumber = 0;
/** A row of any list, unlike any other. */
function newRow(parent: number | null, personal: boolean, text = '') {
  const id = ++lastNumber;
  return { id, token: `${id}`, parent, personal, sourceId: null, body: toBytes({ id, text }) };
}

const views: View[] = ['all', 'shared'];

describe('whatever another process writes, the next page is the store’s', () => {
  /** One write: what to do, and numbers by which it chooses among what is there. */
  const write = fc.record({
    what: fc.constantFrom('insert', 'insert', 'update', 'remove', 'move', 'share', 'refuse'),
    list: fc.constantFrom(...listsParentsFirst),
    which: fc.nat(),
    howMany: fc.integer({ min: 1, max: 90 }),
    personal: fc.boolean(),
  });
  const look = fc.record({
    list: fc.constantFrom(...listsParentsFirst),
    start: fc.nat(200),
    count: fc.integer({ min: 1, max: 200 }),
  });
  const step = fc.record({
    writes: fc.array(write, { minLength: 1, maxLength: 4 }),
    looks: fc.array(look, { maxLength: 3 }),
  });

  test('for any writes and any pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const { database, otherProcess, acme, read, write } = await openAcme();

        /** Some slots of a list that hold a row. */
        const some = async (list: List, which: number, howMany: number): Promise<number[]> => {
          const rows = await otherProcess.all<{ slot: number }>(
            'select slot from discovery_rows where organization_id = ? and list = ? and body is not null order by slot',
            [acme.id, list.number],
          );
          const from = rows.length === 0 ? 0 : which % rows.length;
          return rows.slice(from, from + howMany).map(({ slot }) => slot);
        };

        for (const { writes, looks } of steps) {
          for (const { what, list, which, howMany, personal } of writes) {
            const slots = await some(list, which, howMany);
            const [parent = null] = list.parent
              ? await some(lists[list.parent.list], which, 1)
              : [];
            const work = async (writer: RowWriter): Promise<void> => {
              switch (what) {
                case 'insert': {
                  const rows = Array.from({ length: howMany }, () => newRow(parent, personal));
                  return void (await writer.insert(list, rows));
                }
                case 'remove':
                  return writer.remove(list, slots, 0);
                case 'share':
                  return writer.setPersonalBelow(slots, personal);
                default: {
                  const rows = await findRows(otherProcess, acme.id, list, 'slot', slots);
                  const moved = what === 'move' ? { personal, parent } : {};
                  await writer.update(
                    list,
                    rows.map((row) => ({
                      ...row,
                      ...moved,
                      body: toBytes({ id: row.id, text: 'x'.repeat(which % 500) }),
                    })),
                  );
                  if (what === 'refuse') throw new Error('refused');
                }
              }
            };
            await write(work).catch((error: Error) => expect(error.message).toBe('refused'));
          }
          for (const { list, start, count } of looks) {
            for (const view of views) {
              const rows = await expected(database, acme, list, view);
              expect(await read(list, view, start, count)).toBe(
                rows.slice(start, start + count).join(','),
              );
            }
          }
        }
        for (const list of listsParentsFirst) {
          for (const view of views) {
            const rows = await expected(database, acme, list, view);
            expect(await read(list, view)).toBe(rows.join(','));
          }
        }
      }),
      { numRuns: rounds({ usual: 8, full: 25 }) },
    );
  });
});

describe('more changes than are followed', () => {
  test('make the list anew', async () => {
    const { database, acme, read, write } = await openAcme();
    const list = lists.queries;
    const slots = await write((writer) =>
      writer.insert(
        list,
        Array.from({ length: 25_000 }, (_, i) => newRow(null, i % 3 === 0)),
      ),
    );
    expect((await read(list, 'all')).split('},{')).toHaveLength(25_000);
    await read(list, 'shared');
    await write(async (writer) => {
      await writer.remove(list, slots.slice(0, 12_000), 0);
      await writer.insert(
        list,
        Array.from({ length: 12_000 }, () => newRow(null, false)),
      );
    });
    for (const view of views) {
      expect(await read(list, view)).toBe((await expected(database, acme, list, view)).join(','));
    }
  });
});

describe('reads while others write', () => {
  test('see whole transactions only, however many readers wait for the list to be made', async () => {
    const { read, write } = await openAcme();
    const list = lists.charts;
    // Every transaction takes as many rows away as it puts in, so that any other number was never there.
    const count = 3_000;
    let slots = await write((writer) =>
      writer.insert(
        list,
        Array.from({ length: count }, () => newRow(null, false)),
      ),
    );
    let isWriting = true;
    let reads = 0;
    const writing = (async () => {
      // Until everybody has read at least once beside a writer.
      for (let round = 0; round < 12 || reads <= 6; round++) {
        const gone = slots.filter((_, index) => index % 12 === round % 12);
        const made = await write(async (writer) => {
          await writer.remove(list, gone, 0);
          return writer.insert(
            list,
            gone.map(() => newRow(null, false)),
          );
        });
        slots = [...slots.filter((slot) => !gone.includes(slot)), ...made];
        await nextTurn();
      }
      isWriting = false;
    })();
    const reading = async (view: View): Promise<number[]> => {
      const counts: number[] = [];
      while (isWriting) {
        const ids = (await read(list, view)).match(/"id":\d+/g) ?? [];
        counts.push(new Set(ids).size);
        reads++;
        await nextTurn();
      }
      return counts;
    };
    const counts = (
      await Promise.all([...views, ...views, ...views].map((view) => reading(view)))
    ).flat();
    await writing;
    expect(counts.length).toBeGreaterThan(6);
    expect(new Set(counts)).toEqual(new Set([count]));
  });

  test('never see less than what was committed before they began', async () => {
    const { read, write } = await openAcme();
    for (let written = 1; written <= 50; written++) {
      await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
      const answers = await Promise.all(views.map((view) => read(lists.reports, view)));
      for (const answer of answers) expect(answer.match(/"id"/g)).toHaveLength(written);
    }
  });
});

describe('more lists than may stay open', () => {
  test('are closed, the one unused for longest first, and made again when asked for', async () => {
    const { database, otherProcess, listFiles, acme, read, write } = await openAcme({
      maxOpen: 3,
    });
    const organizations = [acme];
    for (let i = 0; i < 5; i++) organizations.push(await makeOrganization(database, `org-${i}`));
    for (const organization of organizations) {
      await write(
        (writer) => writer.insert(lists.reports, [newRow(null, false, organization.username)]),
        organization,
      );
    }
    const rounds = Array.from({ length: 30 }, (_, i) => organizations[(i * i) % 6] as Organization);
    const answers = await Promise.all(
      rounds.map((organization) => read(lists.reports, 'all', 0, 10, organization)),
    );
    for (const [index, organization] of rounds.entries()) {
      expect(answers[index]).toContain(`"text":"${organization.username}"`);
    }
    // What was closed holds nothing any more, and what comes back holds what was written meanwhile.
    await write((writer) => writer.insert(lists.reports, [newRow(null, false, 'later')]));
    for (const organization of organizations) {
      const rows = await expected(otherProcess, organization, lists.reports, 'all');
      expect(await read(lists.reports, 'all', 0, 10, organization)).toBe(rows.join(','));
    }
    listFiles.close();
  });
});

test('a list that could not be saved is closed and opened again, and what is read of it slowly stays as it was', async () => {
  const { database, folder, listFiles, acme, read, write } = await openAcme({ maxOpen: 1 });
  const other = await makeOrganization(database, 'other');
  const list = lists.reports;
  const change = (slot: number, text: string) =>
    write(async (writer) => {
      const [row] = await findRows(database, acme.id, list, 'slot', [slot]);
      if (row) await writer.update(list, [{ ...row, body: toBytes({ id: row.id, text }) }]);
    });
  const [slot = 0] = await write((writer) => writer.insert(list, [newRow(null, false, 'saved')]));
  await read(list, 'all');
  mkdirSync(join(folder, '1', `${acme.id}-one-reports-all.index.new`));
  await change(slot, 'not saved');
  const position = await getPosition(database, acme.id);
  const slow = await listFiles.read({ ...acme, position, epoch: 'one' }, list, 'all', (file) =>
    file.page(0, 1, NOTHING, NOTHING).pieces(),
  );
  await read(list, 'all', 0, 1, other);
  await change(slot, 'later on');
  expect(await read(list, 'all')).toContain('later on');
  expect(Buffer.concat([...slow]).toString()).toContain('not saved');
});

test('an organization sees its own rows only', async () => {
  const { database, acme, read, write } = await openAcme();
  const other = await makeOrganization(database, 'other');
  await write((writer) => writer.insert(lists.reports, [newRow(null, false, 'acme')]), acme);
  await write((writer) => writer.insert(lists.reports, [newRow(null, false, 'other')]), other);
  expect(await read(lists.reports, 'all', 0, 10, acme)).not.toContain('other');
  expect(await read(lists.reports, 'all', 0, 10, other)).not.toContain('acme');
});

test('a list is made once for all who ask for it at the same time, and fails for all of them once', async () => {
  const { database, acme, listFiles, write } = await openAcme();
  for (const list of [lists.reports, lists.charts])
    await write((writer) => writer.insert(list, [newRow(null, false)]));
  let statements = 0;
  const ask = database.all;
  database.all = (sql, values) => {
    if (sql.includes('discovery_rows')) statements++;
    return ask(sql, values);
  };
  const readByAll = async (list: List = lists.reports) => {
    const now = { id: acme.id, position: await getPosition(database, acme.id), epoch: 'one' };
    const read = () => listFiles.read(now, list, 'all', ({ count }) => count);
    return Promise.allSettled(Array.from({ length: 50 }, read));
  };
  const [first] = await readByAll();
  expect(first?.status).toBe('fulfilled');
  expect(statements).toBeLessThan(4);
  statements = 0;
  await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
  await readByAll();
  expect(statements).toBeLessThan(4);
  // A list that the store cannot give is asked for once, not once by each of them.
  await database.run('update discovery_rows set body = ? where organization_id = ?', [
    Buffer.from('damaged'),
    acme.id,
  ]);
  statements = 0;
  const failed = await readByAll(lists.charts);
  expect(failed.map(({ status }) => status)).toEqual(failed.map(() => 'rejected'));
  expect(statements).toBeLessThan(4);
});

test('a list that cannot be made is tried again at the next read', async () => {
  const { folder, read, write } = await openAcme();
  await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'in its place');
  await expect(read(lists.reports, 'all')).rejects.toThrow('ENOTDIR');
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  expect(await read(lists.reports, 'all')).toContain('"id"');
});

test('a list whose folder was taken away is made in a new one', async () => {
  const { folder, read, write } = await openAcme();
  await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
  rmSync(folder, { recursive: true });
  expect(await read(lists.reports, 'all')).toContain('"id"');
});

test('what was removed is gone from a file that was made before, even where that is no longer remembered', async () => {
  const { database, acme, read, write } = await openAcme();
  const rows = Array.from({ length: 10 }, () => newRow(null, false));
  const slots = await write((writer) => writer.insert(lists.reports, rows));
  for (const view of views) await read(lists.reports, view);
  await write((writer) => writer.remove(lists.reports, slots.slice(0, 4), 0));
  await write((writer) => writer.insert(lists.charts, [newRow(null, false)]));
  expect(await purgeRemoved(database, acme.id, '9999')).toBe(4);
  for (const view of views) {
    const left = (await expected(database, acme, lists.reports, view)).join();
    expect(await read(lists.reports, view)).toBe(left);
    expect(left.match(/"id"/g)).toHaveLength(6);
  }
});

test('the lists of another life of the organization are removed, and closed once nobody reads them', async () => {
  const { database, listFiles, acme, folder, read, write } = await openAcme();
  await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
  for (const view of views) await read(lists.reports, view);
  await write((writer) => writer.insert(lists.reports, [newRow(null, false)]));
  const last = read(lists.reports, 'all');
  const other = { id: acme.id, epoch: 'other', position: await getPosition(database, acme.id) };
  expect(await listFiles.read(other, lists.reports, 'all', (file) => file.count)).toBe(2);
  const files = readdirSync(join(folder, '1')).filter((file) => !file.startsWith('lock'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !file.startsWith(`${acme.id}-other-`))).toEqual([]);
  expect((await last).match(/"id"/g)).toHaveLength(2);
  expect(openFilesIn(folder).filter((file) => file.includes(`/${acme.id}-one-`))).toEqual([]);
});

describe('a server that starts again', () => {
  test('goes on with the files that the last one left, from where they stand', async () => {
    const { database, acme, read, write, listFiles, folder } = await openAcme();
    const list = lists.reports;
    const slots = await write((writer) =>
      writer.insert(
        list,
        Array.from({ length: 500 }, () => newRow(null, false)),
      ),
    );
    for (const view of views) await read(list, view);
    listFiles.close();
    await write((writer) => writer.remove(list, slots.slice(100, 200), 0));

    const again = new ListFiles(database, folder);
    const reads: number[] = [];
    const counting: Database = {
      ...database,
      all: async (sql, values) => {
        const rows = await database.all(sql, values);
        reads.push(rows.length);
        return rows as never;
      },
    };
    const third = new ListFiles(counting, folder);
    const position = await getPosition(database, acme.id);
    for (const file of [again, third]) {
      for (const view of views) {
        const rows = await file.read({ id: acme.id, position, epoch: 'one' }, list, view, (file) =>
          file.page(0, 1000, NOTHING, NOTHING).read().toString(),
        );
        expect(rows).toBe((await expected(database, acme, list, view)).join());
      }
      file.close();
    }
    // Two at once have a folder each: the second one found nothing and read all.
    expect(readdirSync(folder)).toEqual(['1', '2']);
    expect(reads.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2 * 400);
  });
});
