import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { lists, listsParentsFirst } from '../../src/inventory/lists.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import { bodyOf, crawlAll, Follower, newRow, slotsOf } from '../support/changes.ts';
import { rounds } from '../support/rounds.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const views = ['', '&include_spaces=all'];

/** One step of a history: a write, or somebody who looks; with numbers by which it chooses among what is there. */
const step = fc.record({
  what: fc.constantFrom(
    ...(['create', 'create', 'create', 'edit', 'delete', 'delete', 'move', 'share'] as const),
    ...(['purge', 'purge', 'follow', 'catch up', 'catch up'] as const),
  ),
  list: fc.constantFrom(...listsParentsFirst),
  which: fc.nat(),
  howMany: fc.integer({ min: 1, max: 6 }),
  personal: fc.boolean(),
});

const history = fc.array(step, { minLength: 3, maxLength: 40, size: 'max' });

test('who follows the changes from time to time ends with what a whole crawl gives, byte for byte', async () => {
  const workplace = await openWorkplace();
  const { database } = workplace;
  let histories = 0;
  let restarts = 0;

  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const acme = await makeOrganization(database, `acme-${histories++}`);
      const bearer = await makeBearer(database, acme);
      const followers = views.map((view) => new Follower(workplace, acme.username, bearer, view));
      const write = <Result>(work: (writer: RowWriter) => Promise<Result>) =>
        database.transaction((store) => changeRows(store, acme.id, work));

      for (const { what, list, which, howMany, personal } of steps) {
        const there = await slotsOf(database, acme.id, list.name);
        const from = there.length === 0 ? 0 : which % there.length;
        const slots = there.slice(from, from + howMany);
        const parents = list.parent ? await slotsOf(database, acme.id, list.parent.list) : [];
        const parent = parents[which % Math.max(1, parents.length)] ?? null;
        const follower = followers[which % followers.length] as Follower;
        switch (what) {
          case 'create': {
            const rows = Array.from({ length: howMany }, () => newRow(list, { parent, personal }));
            await write((writer) => writer.insert(list, rows));
            break;
          }
          case 'edit':
          case 'move':
            await write(async (writer) => {
              const rows = await findRows(database, acme.id, list, 'slot', slots);
              const place = what === 'move' ? { parent, personal } : {};
              const edited = rows.map((row) => ({
                ...row,
                ...place,
                body: bodyOf(list, row.id, row.token, 'ü'.repeat(which % 50)),
              }));
              await writer.update(list, edited);
              if (what === 'move') await writer.setPersonalBelow(slots, personal);
            });
            break;
          case 'share':
            await write((writer) => writer.setPersonalBelow(slots, personal));
            break;
          case 'delete':
            await write((writer) => writer.remove(list, slots, 0));
            break;
          case 'purge':
            await purgeRemoved(database, acme.id, '9999');
            break;
          case 'follow':
            await follower.step(howMany);
            break;
          case 'catch up':
            await follower.catchUp(howMany);
            break;
        }
      }
      for (const [index, follower] of followers.entries()) {
        await follower.catchUp();
        const crawled = await crawlAll(workplace, acme.username, bearer, views[index]);
        expect(follower.copy()).toEqual(crawled);
        restarts += follower.restarts;
      }
    }),
    { numRuns: rounds({ usual: 25, full: 200 }) },
  );
  expect(restarts).toBeGreaterThan(0);
}, 300_000);

test('nothing is lost where two processes write to one organization while somebody follows', async () => {
  const workplace = await openWorkplace();
  const { database, config } = workplace;
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const processes = await Promise.all([openStore(config), openStore(config)]);
  onTestFinished(async () => {
    for (const store of processes) await store.close();
  });
  const followers = views.map((view) => new Follower(workplace, 'acme', bearer, view));
  let isWriting = true;
  const writes = rounds({ usual: 20, full: 80 });

  const writing = processes.map(async (store, number) => {
    for (let round = 0; round < writes; round++) {
      await store.transaction((store) =>
        changeRows(store, acme.id, async (writer) => {
          const list = round % 2 === 0 ? lists.reports : lists.charts;
          const personal = round % 5 === 0;
          const rows = Array.from({ length: 7 }, () => newRow(list, { personal }));
          const slots = await writer.insert(list, rows);
          // Numbers are taken long before they can be seen, while the other process waits for its turn.
          await sleep((round + number) % 4);
          await writer.remove(list, slots.slice(0, 2), 0);
          const moved = await findRows(store, acme.id, list, 'slot', slots.slice(2, 5));
          await writer.update(
            list,
            moved.map((row) => ({ ...row, personal: !personal })),
          );
        }),
      );
    }
  });
  const following = followers.map(async (follower) => {
    while (isWriting) {
      await follower.step(25);
      await sleep(1);
    }
    await follower.catchUp();
  });
  await Promise.all(writing);
  isWriting = false;
  await Promise.all(following);
  for (const [index, follower] of followers.entries()) {
    expect(follower.restarts).toBe(0);
    expect(follower.copy()).toEqual(await crawlAll(workplace, 'acme', bearer, views[index]));
  }
});
