import { expect, onTestFinished, test, vi } from 'vitest';
import { readChanges } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { purgeEveryOrganization, purgeHourly } from '../../src/organizations/purge-removed.ts';
import { newRow } from '../support/changes.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** Two organizations in each of which a row was removed on the first day, one on the fifth. */
async function openPlace() {
  const { database } = await openWorkplace();
  const organizations: Organization[] = [];
  for (const username of ['acme', 'other']) {
    const organization = await makeOrganization(database, username);
    organizations.push(organization);
    await database.transaction((store) =>
      changeRows(store, organization.id, async (writer) => {
        const rows = [newRow(lists.charts), newRow(lists.charts), newRow(lists.charts)];
        const [first = 0, second = 0] = await writer.insert(lists.charts, rows);
        await writer.remove(lists.charts, [first], 0);
        await writer.remove(lists.charts, [second], 5 * DAY_MS);
      }),
    );
  }
  /** How many removals each organization remembers. */
  const remembered = async () => {
    const counts: number[] = [];
    for (const { id } of organizations) {
      const wanted = { view: 'all' as const, after: undefined, limit: 100 };
      const { batch } = await readChanges(database, id, wanted);
      counts.push(batch.changes.filter(({ body }) => body === null).length);
    }
    return counts;
  };
  return { database, remembered };
}

test('what was removed longer ago than it is kept is forgotten in every organization', async () => {
  const { database, remembered } = await openPlace();
  const purge = (days: number) =>
    purgeEveryOrganization({ database, clock: () => days * DAY_MS, keepDays: 90 });
  expect([await purge(90), await remembered()]).toEqual([0, [2, 2]]);
  expect([await purge(91), await remembered()]).toEqual([2, [1, 1]]);
  expect([await purge(96), await remembered()]).toEqual([2, [0, 0]]);
  expect(await purge(96)).toBe(0);
});

test('a server does so every hour until it stops, and once more where it failed', async () => {
  const { database, remembered } = await openPlace();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const failures: string[] = [];
  const time = { days: 91, isFailing: true };
  const clock = () => {
    if (time.isFailing) throw new Error('no time');
    return time.days * DAY_MS;
  };
  const stop = purgeHourly({ database, clock, keepDays: 90 }, ({ message }) =>
    failures.push(message),
  );

  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect([failures, await remembered()]).toEqual([['no time'], [2, 2]]);
  time.isFailing = false;
  await vi.advanceTimersByTimeAsync(59 * MINUTE_MS);
  expect(await remembered()).toEqual([2, 2]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await waitFor(async () => expect(await remembered()).toEqual([1, 1]));

  time.days = 96;
  await stop();
  await vi.advanceTimersByTimeAsync(600 * MINUTE_MS);
  expect([failures.length, await remembered()]).toEqual([1, [1, 1]]);
});
