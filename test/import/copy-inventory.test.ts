import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ListName, RollcallClient } from '../../src/client/index.ts';
import { systemClock } from '../../src/clock.ts';
import { copyInventory } from '../../src/import/copy-inventory.ts';
import { WHOLE } from '../../src/import/source-list.ts';
import { lists } from '../../src/inventory/lists.ts';
import { type GivenRow, patched } from '../../src/inventory/row.ts';
import { findRows, type StoredRow } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { answer, type FaultProxy, silence, startFaultProxy } from '../support/fault-proxy.ts';
import {
  type Listening,
  openListening,
  PERSONAL,
  putInventory,
  SHARED,
} from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { temporaryFolder } from '../support/workplace.ts';

const ALL = SHARED + PERSONAL;

type Source = Listening & { proxy: FaultProxy; client: RollcallClient };

async function openSource(): Promise<Source> {
  const source = await open();
  await putInventory(source);
  return source;
}

async function open(): Promise<Source> {
  const listening = await openListening();
  const proxy = await startFaultProxy(listening.url);
  const { bearer } = listening;
  const client = new RollcallClient({
    url: proxy.url,
    organization: 'acme',
    bearer,
    retries: 1,
    retryDelayMs: 1,
  });
  return { ...listening, proxy, client };
}

/** The same with three reports. */
async function openSmallSource(): Promise<Source> {
  const source = await open();
  const numbers = [1, 2, 3];
  const rows = (rowOf: (id: number) => GivenRow) => numbers.map(rowOf);
  const ofReport = (id: number) => ({ report_id: id, report_token: `report${id}` });
  const put = (list: ListName, rowOf: (id: number) => GivenRow) =>
    putRows(source.database, source.acme, lists[list], rows(rowOf));
  await put('reports', (id) => ({ id, token: `report${id}` }));
  await put('report_stats', ofReport);
  await put('queries', (id) => ({ id, token: `query${id}`, ...ofReport(id) }));
  await put('charts', (id) => ({ id, token: `chart${id}`, ...ofReport(id) }));
  return source;
}

/** What is staged, by file. */
function staged(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ndjson'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Copies until the source is asked for something that `isLast` is true of, which is never answered. */
async function copyUntil(
  { proxy, client }: { proxy: FaultProxy; client: RollcallClient },
  folder: string,
  isLast: (url: string) => boolean,
): Promise<void> {
  const controller = new AbortController();
  proxy.fail(({ url = '' }) => {
    if (!isLast(url)) return undefined;
    controller.abort();
    return silence;
  });
  await expect(copyInventory(client, { folder, signal: controller.signal })).rejects.toThrow(
    'aborted',
  );
  proxy.fail(() => undefined);
}

/** The bytes of every row of a list as they are served, a line each. */
async function servedLines({ get, bearer }: Listening, list: ListName): Promise<string> {
  let lines = '';
  for (let page = 1; ; page++) {
    const url = `/batch/acme/${list}?include_spaces=all&page=${page}`;
    const body = (await get(url, bearer)).json();
    for (const row of body[list]) lines += `${JSON.stringify(row)}\n`;
    if (!body._links.next_page) return lines;
  }
}

describe('a copy', () => {
  test('stages every row of all lists as it is served, for its owner only', async () => {
    const source = await openSource();
    const folder = join(temporaryFolder(), 'staged');
    const seen: [ListName, number, number][] = [];
    const copied = await copyInventory(source.client, {
      folder,
      onProgress: (...progress) => seen.push(progress),
    });

    const whole = (rows: number) => ({ rows, totalCount: rows, proof: WHOLE, skipped: undefined });
    expect(copied).toEqual({
      reports: whole(ALL),
      report_stats: whole(ALL),
      queries: whole(ALL),
      charts: whole(ALL),
      spaces: whole(2),
      members: whole(3),
    });
    const files = staged(folder);
    for (const list of Object.keys(lists) as ListName[]) {
      expect(files[`${list}.ndjson`]).toBe(await servedLines(source, list));
    }
    expect(seen.slice(0, 3)).toEqual([
      ['reports', 1000, ALL],
      ['reports', 2000, ALL],
      ['reports', ALL, ALL],
    ]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'queries.ndjson')).mode & 0o777).toBe(0o600);
  });

  test('of an empty organization is six empty lists', async () => {
    const { url, bearer } = await openListening();
    const folder = temporaryFolder();
    const client = new RollcallClient({ url, organization: 'acme', bearer });
    const copied = await copyInventory(client, { folder });
    for (const list of Object.values(copied)) {
      expect(list).toEqual({ rows: 0, totalCount: 0, proof: WHOLE, skipped: undefined });
    }
    expect(Object.values(staged(folder)).join('')).toBe('');
  });
});

describe('a copy that was broken off', () => {
  test.each([
    ['at its first page', (url: string) => url.includes('/reports')],
    ['within a list', (url: string) => url.includes('/queries?page=3')],
    ['between two lists', (url: string) => url.includes('/charts?')],
  ])('%s ends as an undisturbed one, and reads nothing twice', async (_, isLast) => {
    const source = await openSource();
    const undisturbed = temporaryFolder();
    const copied = await copyInventory(source.client, { folder: undisturbed });

    const folder = temporaryFolder();
    await copyUntil(source, folder, isLast);
    const before = source.proxy.requests.length;
    expect(await copyInventory(source.client, { folder })).toEqual(copied);
    expect(staged(folder)).toEqual(staged(undisturbed));
    const pages = source.proxy.requests.slice(before).filter((url) => !url.includes('per_page=1&'));
    expect(isLast(pages[0] ?? '')).toBe(true);
  });

  test('forgets what was not finished', async () => {
    const source = await openSource();
    const undisturbed = temporaryFolder();
    await copyInventory(source.client, { folder: undisturbed });
    const folder = temporaryFolder();
    await copyUntil(source, folder, (url) => url.includes('/reports?page=3'));
    appendFileSync(join(folder, 'reports.ndjson'), '{"id":5,"token":"half a row');
    await copyInventory(source.client, { folder });
    expect(staged(folder)).toEqual(staged(undisturbed));
  });

  test('by a kill -9 goes on as well', async () => {
    const source = await openSource();
    const undisturbed = temporaryFolder();
    const copied = await copyInventory(source.client, { folder: undisturbed });

    const folder = temporaryFolder();
    const { proxy, bearer } = source;
    const from = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;
    const options = { url: proxy.url, organization: 'acme', bearer };
    const script = `
      import { RollcallClient } from '${from('client/index.ts')}';
      import { copyInventory } from '${from('import/copy-inventory.ts')}';
      const client = new RollcallClient(${JSON.stringify(options)});
      await copyInventory(client, { folder: ${JSON.stringify(folder)} });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    proxy.fail(({ url = '' }) => {
      if (!url.includes('/charts?page=2')) return undefined;
      child.kill('SIGKILL');
      return silence;
    });
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    proxy.fail(() => undefined);
    const before = proxy.requests.length;
    expect(await copyInventory(source.client, { folder })).toEqual(copied);
    expect(staged(folder)).toEqual(staged(undisturbed));
    const charts = proxy.requests.slice(before).filter((request) => request.includes('/charts'));
    expect(charts.map((request) => /[?&]page=(\d)/.exec(request)?.[1])).toEqual(['2', '3']);
  });

  test('starts anew where the source has another number of rows', async () => {
    const source = await openSource();
    const folder = temporaryFolder();
    await copyUntil(source, folder, (url) => url.includes('/queries?page=3'));
    await putRows(source.database, source.acme, lists.reports, [reportRow(99)]);
    const copied = await copyInventory(source.client, { folder });
    expect(copied.reports).toMatchObject({ rows: ALL + 1, proof: WHOLE });
    expect(staged(folder)['reports.ndjson']).toBe(await servedLines(source, 'reports'));
  });

  test('says what it goes on with', async () => {
    const source = await openSource();
    const folder = temporaryFolder();
    await copyUntil(source, folder, (url) => url.includes('/queries?page=3'));
    const said: string[] = [];
    await copyInventory(source.client, { folder, say: (text) => said.push(text) });
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Continuing the interrupted copy of 20.*, which has reports \\(${ALL}\\), report_stats \\(${ALL}\\), .*queries \\(2000 of ${ALL}\\)`,
        ),
      ),
    ]);
  });

  test('starts anew where it cannot go on', async () => {
    const source = await openSource();
    const { database, acme, client, proxy } = source;
    const changeRow = () =>
      database.transaction((store) =>
        changeRows(store, acme.id, async (writer) => {
          const [row] = await findRows(store, acme.id, lists.reports, 'id', [10_007]);
          const body = patched(lists.reports, row?.body as Buffer, { name: 'Mended' });
          await writer.update(lists.reports, [{ ...(row as StoredRow), body }]);
        }),
      );
    const reasons: [string, (folder: string) => unknown, object?][] = [
      ['the source has changed a row, and has as many as before', changeRow],
      ['a day has gone by', () => undefined, { clock: () => systemClock() + 86_400_001 }],
      ['another credential reads it', () => undefined, { credential: 'another' }],
      ['what was staged is gone', (folder) => writeFileSync(join(folder, 'reports.ndjson'), '')],
    ];
    for (const [reason, change, options] of reasons) {
      const folder = temporaryFolder();
      await copyUntil(source, folder, (url) => url.includes('/report_stats?page=2'));
      await change(folder);
      const { length } = proxy.requests;
      await copyInventory(client, { folder, ...options });
      const first = 'GET /batch/acme/reports?page=1&include_spaces=all&crawl=new';
      expect(proxy.requests.slice(length), reason).toContain(first);
      const served = await servedLines(source, 'reports');
      expect(staged(folder)['reports.ndjson'] === served, reason).toBe(true);
    }
  });

  test('starts anew where it was complete', async () => {
    const source = await openSmallSource();
    const folder = temporaryFolder();
    await copyInventory(source.client, { folder });
    const { length } = source.proxy.requests;
    await copyInventory(source.client, { folder });
    expect(source.proxy.requests.slice(length)).toContain(
      'GET /batch/acme/reports?page=1&include_spaces=all&crawl=new',
    );
  });
});

describe('lists that do not agree', () => {
  const nothing = { page: 1, per_page: 1000, count: 0, total_pages: 0, total_count: 0 };
  const empty = answer(200, { pagination: nothing, reports: [], _links: {} });
  const isReports = (url = '') => url.includes('/reports?page');

  test('are read again, and whole where they agree then', async () => {
    const { client, proxy } = await openSmallSource();
    let answers = 0;
    proxy.fail(({ url }) => (isReports(url) && ++answers === 1 ? empty : undefined));
    const said: string[] = [];
    const folder = temporaryFolder();
    const copied = await copyInventory(client, { folder, say: (text) => said.push(text) });
    expect(copied.reports).toMatchObject({ rows: 3, proof: WHOLE });
    expect(said).toEqual([
      'The lists of the source are inconsistent (report_stats refer to report1, which reports lack; ' +
        'queries refer to report1, which reports lack; charts refer to report1, which reports lack). Reading them again.',
    ]);
  });

  test('prove nothing of what one of them lacks and another one names', async () => {
    const { client, proxy } = await openSmallSource();
    proxy.fail(({ url }) => (isReports(url) ? empty : undefined));
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.reports.proof).toEqual({
      isWhole: false,
      because: 'report_stats refer to report1, which reports lack',
      canBeTold: true,
    });
    expect(copied.queries.proof).toBe(WHOLE);
    expect(proxy.requests.filter((url) => isReports(url))).toHaveLength(2);
  });

  test('prove nothing of spaces where these lack one that a shared report lies in', async () => {
    const source = await openSmallSource();
    await putRows(source.database, source.acme, lists.spaces, [
      { id: 1, token: 'space1', space_type: 'custom' },
      { id: 2, token: 'space2', space_type: 'custom' },
    ]);
    const inSpace = { space_id: 1, space_token: 'space1' };
    const rows = [{ id: 4, token: 'report4', ...inSpace }];
    await putRows(source.database, source.acme, lists.reports, rows);
    const { client, proxy } = source;
    const isSpaces = (url = '') => url.includes('/spaces?');
    const none = { page: 1, per_page: 1000, count: 0, total_pages: 0, total_count: 0 };
    proxy.fail(({ url }) =>
      isSpaces(url) ? answer(200, { pagination: none, spaces: [], _links: {} }) : undefined,
    );
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.spaces.proof).toEqual({
      isWhole: false,
      because: 'reports refer to space1, which spaces lack',
      canBeTold: true,
    });
    expect(copied.reports.proof).toBe(WHOLE);
    expect(proxy.requests.filter((url) => isSpaces(url))).toHaveLength(2);
  });

  test('and change each time they are read are read three times', async () => {
    const { client, proxy } = await openSmallSource();
    let total = 10;
    proxy.fail(({ url = '' }) => {
      if (!url.includes('/members?')) return undefined;
      const page = Number(new URL(url, 'http://x').searchParams.get('page'));
      return answer(200, {
        pagination: { page, per_page: 1, count: 1, total_pages: 2, total_count: total++ },
        members: [{ token: `member-${total}` }],
        _links: page < 2 ? { next_page: { href: '/batch/acme/members?page=2' } } : {},
      });
    });
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.members.proof).toMatchObject({ isWhole: false });
    expect(proxy.requests.filter((url) => url.includes('/members?'))).toHaveLength(6);
  });
});

describe('a list that the source cannot serve', () => {
  const of = (list: ListName, status: number) => {
    const fault = answer(status, { id: 'some_id', message: 'Backend read error.' });
    return ({ url = '' }) => (url.includes(`/${list}?`) ? fault : undefined);
  };

  test('is skipped where it is absent', async () => {
    const { client, proxy } = await openSource();
    proxy.fail(of('charts', 404));
    const folder = temporaryFolder();
    const copied = await copyInventory(client, { folder });
    expect(copied.charts).toEqual({
      rows: 0,
      totalCount: 0,
      proof: { isWhole: false, because: 'The server has no list charts.', canBeTold: false },
      skipped: 'The server has no list charts.',
    });
    expect(copied.queries.proof).toBe(WHOLE);
    expect(existsSync(join(folder, 'charts.ndjson'))).toBe(false);
  });

  test('is skipped where it is members and unavailable for long', async () => {
    const { client, proxy } = await openSource();
    proxy.fail(of('members', 503));
    const folder = temporaryFolder();
    const copied = await copyInventory(client, { folder });
    expect(copied.members).toMatchObject({ rows: 0, proof: { isWhole: false } });
    expect(copied.members.skipped).toMatch(
      /cannot list members at the moment .*Backend read error/,
    );
    proxy.fail(() => undefined);
    expect((await copyInventory(client, { folder })).members).toMatchObject({
      rows: 3,
      proof: WHOLE,
    });
  });

  test.each([
    ['reports', 404],
    ['queries', 503],
    ['members', 401],
  ] as const)('ends the copy where it is %s with %i', async (list, status) => {
    const { client, proxy } = await openSource();
    proxy.fail(of(list, status));
    const copying = copyInventory(client, { folder: temporaryFolder() });
    await expect(copying).rejects.toMatchObject({ status });
  });
});

describe('a list is not whole', () => {
  /** Members in pages of two, as `tokensOn` and `totalOn` say. */
  const membersOf = (tokensOn: string[][], totalOn: number[]) => {
    return ({ url = '' }) => {
      if (!url.includes('/members?')) return undefined;
      const page = Number(new URL(url, 'http://x').searchParams.get('page'));
      const next = { next_page: { href: `/batch/acme/members?page=${page + 1}` } };
      return answer(200, {
        pagination: {
          page,
          per_page: 2,
          count: tokensOn[page - 1]?.length,
          total_pages: tokensOn.length,
          total_count: totalOn[page - 1],
        },
        members: tokensOn[page - 1]?.map((token) => ({ token })),
        _links: page < tokensOn.length ? next : {},
      });
    };
  };

  test('where a row came in before the place that was read, and no row is staged twice', async () => {
    const { client, proxy } = await openSource();
    proxy.fail(
      membersOf(
        [
          ['a', 'b'],
          ['b', 'c'],
        ],
        [3, 4],
      ),
    );
    const folder = temporaryFolder();
    const copied = await copyInventory(client, { folder });
    expect(copied.members).toMatchObject({ rows: 3, totalCount: 4, proof: { isWhole: false } });
    expect(staged(folder)['members.ndjson']).toBe('{"token":"a"}\n{"token":"b"}\n{"token":"c"}\n');
  });

  test('where a row was deleted before the place that was read', async () => {
    const { client, proxy } = await openSource();
    proxy.fail(membersOf([['a', 'b'], ['d']], [4, 3]));
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.members).toMatchObject({ rows: 3, totalCount: 3, proof: { isWhole: false } });
  });

  test('where a row came in behind it: that cannot be told from the others', async () => {
    const { client, proxy } = await openSource();
    proxy.fail(
      membersOf(
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        [3, 4],
      ),
    );
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.members).toMatchObject({ rows: 4, totalCount: 4, proof: { isWhole: false } });
  });
});

describe('where a row was deleted and another added between two pages, and the total stays the same,', () => {
  /** Members in pages of two, without cursors; what is there changes after a page was sent. */
  const shifting = (changeAfter: (sent: number) => string[] | undefined) => {
    let members = ['a', 'b', 'c', 'd'];
    let sent = 0;
    return ({ url = '' }) => {
      if (!url.includes('/members?')) return undefined;
      const page = Number(new URL(url, 'http://x').searchParams.get('page') ?? 1);
      const rows = members.slice(2 * page - 2, 2 * page);
      const pages = Math.ceil(members.length / 2);
      const sentNow = answer(200, {
        pagination: { page, per_page: 2, count: rows.length, total_pages: pages, total_count: 4 },
        members: rows.map((token) => ({ token })),
        _links: page < pages ? { next_page: { href: `/batch/acme/members?page=${page + 1}` } } : {},
      });
      members = changeAfter(++sent) ?? members;
      return sentNow;
    };
  };

  test('the list is read again, and whole when two readings agree', async () => {
    const { client, proxy } = await openSmallSource();
    proxy.fail(shifting((sent) => (sent === 1 ? ['b', 'c', 'd', 'e'] : undefined)));
    const folder = temporaryFolder();
    const copied = await copyInventory(client, { folder });
    expect(copied.members).toMatchObject({ rows: 4, proof: WHOLE });
    expect(staged(folder)['members.ndjson']).toContain('"c"');
  });

  test('a list that never stays the same proves nothing', async () => {
    const { client, proxy } = await openSmallSource();
    let last = 0;
    proxy.fail(shifting(() => Array.from({ length: 4 }, (_, index) => `${++last - index}`)));
    const copied = await copyInventory(client, { folder: temporaryFolder() });
    expect(copied.members.proof).toMatchObject({ isWhole: false });
  });

  test('a first import, which deletes nothing, reads each list once', async () => {
    const { client, proxy } = await openSmallSource();
    proxy.fail(shifting(() => undefined));
    await copyInventory(client, { folder: temporaryFolder(), isFirst: true });
    expect(proxy.requests.filter((url) => url.includes('/members?'))).toHaveLength(2);
  });
});

test('a personal space that the source does not list is staged as private, a shared one is not', async () => {
  const source = await openSource();
  const { client, database, acme } = source;
  const report = (id: number, space_id: number) =>
    reportRow(id, { space_id, space_token: `space${space_id}` });
  await putRows(database, acme, lists.reports, [report(1, 8), report(2, 1), report(3, 9)]);
  await putRows(database, acme, lists.reports, [report(4, 7), report(5, 7), report(6, 8)], {
    personal: true,
  });
  const folder = temporaryFolder();
  const copied = await copyInventory(client, { folder });
  const because = 'reports refer to space8, which spaces lack';
  expect(copied.spaces).toMatchObject({ rows: 2, proof: { isWhole: false, because } });
  const expected = `${await servedLines(source, 'spaces')}{"id":7,"token":"space7","space_type":"private"}\n`;
  expect(staged(folder)['spaces.ndjson']).toBe(expected);
  await copyInventory(client, { folder });
  expect(staged(folder)['spaces.ndjson']).toBe(expected);
});
