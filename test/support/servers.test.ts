import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from './rows.ts';
import { makeOrganization, openWorkplace, type Workplace } from './workplace.ts';

let first: Workplace;

test('a server that a test had', async () => {
  first = await openWorkplace();
  const acme = await makeOrganization(first.database);
  await putRows(first.database, acme, lists.reports, [reportRow(1)]);
});

test('is handed on to the next, which finds nothing in its store', async () => {
  const { server, database } = await openWorkplace();
  expect(server === first.server).toBe(true);
  expect(await database.all('select list from discovery_rows')).toEqual([]);
  await makeOrganization(database);
});
