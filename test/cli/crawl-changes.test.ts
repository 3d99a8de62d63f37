import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { answer, startFaultProxy } from '../support/fault-proxy.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

async function openCrawl() {
  const listening = await openListening();
  const { config, bearer, url, database, acme } = listening;
  const cwd = temporaryFolder();
  const file = join(cwd, 'acme.cursor');
  const crawl = async (...args: string[]) => {
    const outcome = await runRollcall(
      ['crawl', `${url}/batch/acme`, '--since', 'acme.cursor', ...args],
      { dataDir: config.dataDir, env: { ROLLCALL_BEARER: bearer }, cwd },
    );
    const lines = outcome.stdout.split('\n').slice(0, -1);
    return { ...outcome, changes: lines.map((line) => JSON.parse(line)) };
  };
  const put = (...numbers: number[]) =>
    putRows(
      database,
      acme,
      lists.reports,
      numbers.map((number) => reportRow(number)),
    );
  const remove = (...slots: number[]) =>
    database.transaction((store) =>
      changeRows(store, acme.id, (writer) => writer.remove(lists.reports, slots, 0)),
    );
  return { ...listening, cwd, file, crawl, put, remove };
}

describe('rollcall crawl --since', () => {
  test('prints all that there is at first, and then what the call before had not', async () => {
    const { crawl, put, remove, get, bearer } = await openCrawl();
    const [first = 0] = await put(1, 2, 3);
    const all = await crawl();
    expect(all).toMatchObject({ code: 0, stderr: '' });
    const { reports } = (await get('/batch/acme/reports', bearer)).json();
    expect(all.changes.map(({ row }) => row)).toEqual(reports);
    expect(all.changes[0]).toEqual({ list: 'reports', place: first, row: reports[0] });
    expect(await crawl()).toMatchObject({ code: 0, stdout: '', stderr: '' });

    await put(4);
    await remove(first);
    const { changes } = await crawl();
    expect(changes).toMatchObject([
      { list: 'reports', row: { id: 4 } },
      { list: 'reports', place: first, id: 1, token: '000000000001', deleted: true },
    ]);
    expect(await crawl()).toMatchObject({ stdout: '' });
  });

  test('prints all lists, or the one that is named, in the view that is asked for', async () => {
    const listening = await openCrawl();
    await putInventory(listening);
    const { crawl, file } = listening;
    const count = async (...args: string[]) => {
      writeFileSync(file, '');
      return (await crawl(...args)).changes.length;
    };
    expect(await count()).toBe(4 * SHARED + 5);
    expect(await count('--list', 'charts', '--include-spaces', 'all')).toBe(SHARED + PERSONAL);
    expect(await count('--list', 'spaces', '--per-page', '999')).toBe(2);
  });

  test('keeps the cursor of what it printed where the server fails in between', async () => {
    const { crawl, put, url, config, bearer, cwd } = await openCrawl();
    await put(...Array.from({ length: 25 }, (_, index) => index + 1));
    const proxy = await startFaultProxy(url, (_, number) =>
      number === 2 ? answer(400, { id: 'bad_request', message: 'No.' }) : undefined,
    );
    const args = ['crawl', `${proxy.url}/acme`, '--since', 'acme.cursor', '--per-page', '10'];
    const env = { ROLLCALL_BEARER: bearer };
    const failed = await runRollcall(args, { dataDir: config.dataDir, env, cwd });
    expect(failed.code).toBe(1);
    expect(failed.stdout.match(/\n/g)).toHaveLength(20);
    expect((await crawl()).changes.map(({ row }) => row.id)).toEqual([21, 22, 23, 24, 25]);
  });

  test('says what to do where the cursor is too old, and leaves it', async () => {
    const { crawl, put, remove, database, acme, file } = await openCrawl();
    const slots = await put(1, 2);
    await crawl();
    const before = readFileSync(file, 'utf8');
    await remove(...slots);
    await purgeRemoved(database, acme.id, '9999');
    const { code, stdout, stderr } = await crawl();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^rollcall: .* answered 410: .*\nTo begin again, delete .*acme\.cursor:/,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('neither sends nor replaces a file that holds something else', async () => {
    const { crawl, file } = await openCrawl();
    for (const content of ['Bearer hunter2', '{"cursor":"x"}', 'x'.repeat(200)]) {
      writeFileSync(file, content);
      const { code, stderr } = await crawl();
      expect(code).toBe(1);
      expect(stderr).toMatch(/acme\.cursor contains something other than a cursor/);
      expect(stderr).not.toContain('hunter2');
      expect(readFileSync(file, 'utf8')).toBe(content);
    }
  });

  test('names a file that cannot be used', async () => {
    const { crawl } = await openCrawl();
    const { code, stderr } = await crawl('--since', 'missing/acme.cursor');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /missing\/acme\.cursor cannot be written: there is no such file or folder/,
    );
    const folder = await crawl('--since', '.');
    expect(folder.stderr).toMatch(/cannot be read: it is a folder/);
  });

  test('makes the file for an organization without rows, too', async () => {
    const { crawl, file } = await openCrawl();
    expect(await crawl()).toMatchObject({ code: 0, stdout: '' });
    expect(existsSync(file)).toBe(true);
  });
});
