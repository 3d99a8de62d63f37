import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { patched, toBytes, toRow } from '../../src/inventory/row.ts';
import { checkRows, type RowProblem } from '../../src/inventory/row-check.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const { spaces, reports, report_stats: stats, queries } = lists;

/** A shared and a personal space with a report in each, and a query and stats of the shared one. */
async function openInventory() {
  const { database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const space = (id: number, type: string) => ({ id, token: `space${id}`, space_type: type });
  const [shared = 0] = await putRows(database, acme, spaces, [space(1, 'custom')]);
  const [personal = 0] = await putRows(database, acme, spaces, [space(2, 'private')], {
    personal: true,
  });
  const [report = 0] = await putRows(
    database,
    acme,
    reports,
    [reportRow(1, { space_id: 1, space_token: 'space1' })],
    { parent: shared },
  );
  await putRows(database, acme, reports, [reportRow(2, { space_token: 'space2' })], {
    parent: personal,
    personal: true,
  });
  await putRows(database, acme, reports, [reportRow(3)]);
  const ofReport = { report_id: 1, report_token: '000000000001' };
  await putRows(database, acme, stats, [ofReport], { parent: report });
  await putRows(database, acme, queries, [{ id: 1, token: 'query1', ...ofReport }], {
    parent: report,
  });
  return {
    database,
    /** Changes the store behind the back of the one place that writes rows. */
    spoil: (
      list: { number: number },
      id: number,
      column: string,
      value: string | number | Buffer,
    ) =>
      database.run(`update discovery_rows set ${column} = ? where list = ? and id = ?`, [
        value,
        list.number,
        id,
      ]),
    async problems(): Promise<RowProblem[]> {
      const found: RowProblem[] = [];
      for await (const problem of checkRows(database, acme.id)) found.push(problem);
      return found;
    },
  };
}

test('rows that agree have no problem', async () => {
  expect(await (await openInventory()).problems()).toEqual([]);
});

test('a row that is JSON of its list and yet not as it was written is found', async () => {
  const { database, problems } = await openInventory();
  const [row] = await database.all<{ body: Buffer }>(
    'select body from discovery_rows where list = ? and id = ?',
    [reports.number, 3],
  );
  const other = Buffer.from(String(row?.body).replace('Report 3', 'Report 8'));
  await database.run('update discovery_rows set body = ? where list = ? and id = ?', [
    ...[other, reports.number, 3],
  ]);
  expect((await problems()).map(({ problem }) => problem)).toEqual([
    'it differs from what was written',
  ]);
});

test('a row whose bytes are not what it is stored under is found', async () => {
  const { spoil, problems } = await openInventory();
  await spoil(spaces, 1, 'body', Buffer.from('{"id":1,'));
  await spoil(reports, 3, 'token', 'other');
  await spoil(queries, 1, 'body', Buffer.from('{"id":1,"token":"query1"}'));
  expect(await problems()).toEqual([
    { list: 'spaces', token: 'space1', problem: 'its body is not a JSON object' },
    {
      list: 'reports',
      token: 'other',
      problem: 'its id or token differs from the one that it is stored under',
    },
    { list: 'queries', token: 'query1', problem: 'its fields are not those of the list' },
  ]);
});

test('a row whose space or report is gone, or is another, is found', async () => {
  const { spoil, problems } = await openInventory();
  await spoil(reports, 1, 'parent', 999);
  await spoil(queries, 1, 'body', otherReport());
  expect(await problems()).toEqual([
    {
      list: 'reports',
      token: '000000000001',
      problem: 'its space_token refers to nothing in spaces',
    },
    { list: 'queries', token: 'query1', problem: 'its report_token refers to nothing in reports' },
  ]);
});

test('a row that is recorded as shared in a personal space, or the other way round, is found', async () => {
  const { spoil, problems } = await openInventory();
  await spoil(reports, 2, 'personal', 0);
  await spoil(stats, 1, 'personal', 1);
  const problem = 'whether it is in a personal space is recorded wrongly';
  expect(await problems()).toEqual([
    { list: 'reports', token: '000000000002', problem },
    { list: 'report_stats', token: '000000000001', problem },
  ]);
});

test('a row with half a character, as an earlier version took, is found and mended by its next change', async () => {
  const { spoil, problems, database } = await openInventory();
  await database.run('update discovery_rows set checksum = null');
  const row = { id: 3, token: '000000000003', name: 'bad \ud800', creator_email: 'x'.repeat(300) };
  const fields = Object.fromEntries(reports.fields.map(({ name }) => [name, null]));
  const body = toBytes({ ...fields, ...row });
  await spoil(reports, 3, 'body', body);
  const problem = 'its name contains U+D800, which is not a character';
  expect(await problems()).toEqual([{ list: 'reports', token: '000000000003', problem }]);
  const mended = patched(reports, body, { description: 'Edited.' });
  await spoil(reports, 3, 'body', mended);
  expect(await problems()).toEqual([]);
  expect(JSON.parse(String(mended))).toEqual({
    ...fields,
    ...row,
    name: 'bad \ufffd',
    description: 'Edited.',
  });
});

function otherReport(): Buffer {
  return toBytes(toRow(queries, { id: 1, token: 'query1', report_id: 2, report_token: 'gone' }));
}
