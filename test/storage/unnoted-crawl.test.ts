import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openOwnWorkplace } from '../support/workplace.ts';

test('a crawl that cannot be noted misses and doubles nothing, whatever was noted before', async () => {
  const { config, database, get } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const rows = Array.from({ length: 60 }, (_, index) => reportRow(index + 1));
  const slots = await putRows(database, acme, lists.reports, rows);
  const idsOf = async (page: number): Promise<number[]> => {
    const answer = await get(`/batch/acme/reports?per_page=10&page=${page}`, bearer);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json().reports.map(({ id }: { id: number }) => id);
  };
  const remove = (...ids: number[]) =>
    database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        writer.remove(
          lists.reports,
          ids.map((id) => slots[id - 1] as number),
          0,
        ),
      ),
    );
  expect(await idsOf(1)).toHaveLength(10);

  // Nothing can be noted from now on: the table is another.
  const crawls = new Sqlite(join(config.dataDir, 'crawls.sqlite'));
  onTestFinished(() => void crawls.close());
  crawls.exec('alter table page_ends rename column ends to away');

  await remove(1, 2, 3);
  expect(await idsOf(1)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  await remove(5, 6, 14);
  expect(await idsOf(2)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  expect(await idsOf(3)).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
  crawls.exec('alter table page_ends rename column away to ends');
  expect(await idsOf(4)).toEqual([35, 36, 37, 38, 39, 40, 41, 42, 43, 44]);
  expect(await idsOf(5)).toHaveLength(10);
});
