import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { UserError } from '../../src/errors.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { countRows, getPosition, listRowsAfter } from '../../src/inventory/row-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const nobody = () => undefined;

async function openBig() {
  const workplace = await openWorkplace();
  return { ...workplace, big: await makeOrganization(workplace.database, 'big') };
}

async function readAll(
  database: Database,
  { id }: Organization,
  name: ListName,
): Promise<string[]> {
  const rows = await listRowsAfter(database, id, {
    list: lists[name],
    view: 'all',
    slot: 0,
    limit: 100_000,
  });
  return rows.map((row) => String(row.body));
}

test('generating again changes nothing', async () => {
  const { database, big } = await openBig();
  expect(await generateInventory(database, big, { seed: 1, reports: 50 }, nobody)).toBe(50);
  const position = await getPosition(database, big.id);
  for (const reports of [50, 20]) {
    expect(await generateInventory(database, big, { seed: 1, reports }, nobody)).toBe(0);
  }
  expect(await getPosition(database, big.id)).toBe(position);
  expect((await countRows(database, big.id)).reports.all).toBe(50);
});

test('more reports of a seed are the first ones and those that were missing', async () => {
  const grown = await openBig();
  for (const reports of [30, 4100, 4700]) {
    await generateInventory(grown.database, grown.big, { seed: 7, reports }, nobody);
  }
  const atOnce = await openBig();
  await generateInventory(atOnce.database, atOnce.big, { seed: 7, reports: 4700 }, nobody);
  for (const name of Object.keys(lists) as ListName[]) {
    expect(await readAll(grown.database, grown.big, name)).toEqual(
      await readAll(atOnce.database, atOnce.big, name),
    );
  }
});

test('progress is told after each batch, up to the number asked for', async () => {
  const { database, big } = await openBig();
  const told: number[] = [];
  await generateInventory(database, big, { seed: 1, reports: 4500 }, (done) => told.push(done));
  expect(told).toEqual([4000, 4500]);
});

test('what is generated is served, without personal spaces unless they are asked for', async () => {
  const { database, big, get } = await openBig();
  await generateInventory(database, big, { seed: 1, reports: 300 }, nobody);
  const counts = await countRows(database, big.id);
  const bearer = await makeBearer(database, big);
  for (const name of Object.keys(lists) as ListName[]) {
    const { all, personal } = counts[name];
    const shared = await get(`/batch/big/${name}`, bearer);
    expect(shared.json().pagination.total_count).toBe(
      lists[name].followsSpaces ? all - personal : all,
    );
    const everything = await get(`/batch/big/${name}?include_spaces=all`, bearer);
    expect(everything.json().pagination.total_count).toBe(all);
  }
  expect(counts.reports.personal).toBeGreaterThan(0);
  expect(counts.charts.personal).toBeGreaterThan(0);
});

test('numbers that rows from elsewhere have already are refused, and nothing is written', async () => {
  const { database, big } = await openBig();
  const [first] = await generateElsewhere();
  await putRows(database, big, lists.reports, [reportRow(first as number)]);
  const work = generateInventory(database, big, { seed: 1, reports: 10 }, nobody);
  await expect(work).rejects.toThrow(UserError);
  await expect(work).rejects.toThrow('big has reports from elsewhere');
  const { reports, members, spaces } = await countRows(database, big.id);
  expect([reports.all, members.all, spaces.all]).toEqual([1, 0, 0]);
});

async function generateElsewhere(): Promise<number[]> {
  const { database, big } = await openBig();
  await generateInventory(database, big, { seed: 1, reports: 10 }, nobody);
  const reports = await readAll(database, big, 'reports');
  return reports.map((text) => JSON.parse(text).id as number);
}
