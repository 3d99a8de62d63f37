import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type List, lists } from '../../src/inventory/lists.ts';
import { findRowByToken } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { answer, cut, startFaultProxy } from '../support/fault-proxy.ts';
import {
  type Listening,
  openListening,
  PERSONAL,
  putInventory,
  SHARED,
} from '../support/listening.ts';
import { putRows } from '../support/rows.ts';
import { runRollcall } from '../support/run-rollcall.ts';

async function openFull() {
  const listening = await openListening();
  await putInventory(listening);
  return listening;
}

function crawl(
  { config, bearer }: Listening,
  args: string[],
  env: Record<string, string> = { ROLLCALL_BEARER: bearer },
) {
  return runRollcall(['crawl', ...args], { dataDir: config.dataDir, env });
}

/** The rows of all pages of a list as the server sends them. */
async function servedRows(
  { get, bearer }: Listening,
  list: string,
  query = '',
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let page = 1; ; page++) {
    const body = (await get(`/batch/acme/${list}?page=${page}${query}`, bearer)).json();
    rows.push(...body[list]);
    if (!body._links.next_page) return rows;
  }
}

const rowsIn = (ndjson: string) =>
  ndjson
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('an end line', () => {
  test('says how many rows came before it, and from which view', async () => {
    const listening = await openFull();
    const url = `${listening.url}/batch/acme/charts`;
    const lastLine = async (...more: string[]) =>
      rowsIn((await crawl(listening, [url, '--end-line', ...more])).stdout).at(-1);
    expect(await lastLine()).toEqual({ end: { list: 'charts', rows: SHARED } });
    expect(await lastLine('--include-spaces', 'all')).toEqual({
      end: { list: 'charts', rows: SHARED + PERSONAL, include_spaces: 'all' },
    });
  });

  const removing =
    (list: List, token: string, { database, acme }: Listening) =>
    async () => {
      const row = await findRowByToken(database, acme.id, list, token);
      await database.transaction((store) =>
        changeRows(store, acme.id, (writer) => writer.remove(list, [row?.slot as number], 0)),
      );
    };

  test('is missing where the list changed while it was read', async () => {
    const listening = await openFull();
    const remove = removing(lists.charts, 'chart12400', listening);
    const proxy = await startFaultProxy(listening.url, async ({ url = '' }) => {
      if (url.includes('page=2')) await remove();
      return undefined;
    });
    const { code, stdout, stderr } = await crawl(listening, [
      `${proxy.url}/batch/acme/charts`,
      '--end-line',
    ]);
    expect(code).toBe(0);
    expect(rowsIn(stdout)).toHaveLength(SHARED - 1);
    expect(rowsIn(stdout).at(-1)).not.toHaveProperty('end');
    expect(stderr).toBe(
      'There is no end line, because charts changed while they were read. Run the command again to get one.\n',
    );
  });

  test('is there where rows came or went behind the crawl: what was there at its first page is whole', async () => {
    const listening = await openFull();
    const remove = removing(lists.charts, 'chart10000', listening);
    const proxy = await startFaultProxy(listening.url, async ({ url = '' }) => {
      if (url.includes('page=2')) {
        await remove();
        await putRows(listening.database, listening.acme, lists.charts, [
          { id: 1, token: 'late', report_id: 1, report_token: 'late' },
        ]);
      }
      return undefined;
    });
    const { stdout, stderr } = await crawl(listening, [
      `${proxy.url}/batch/acme/charts`,
      '--end-line',
    ]);
    expect(rowsIn(stdout).at(-1)).toEqual({ end: { list: 'charts', rows: SHARED } });
    expect(stdout).not.toContain('late');
    expect(stderr).toBe('');
  });
});

describe('what is printed', () => {
  test('is every report as the server has it, one a line, and nothing else anywhere', async () => {
    const listening = await openFull();
    const { code, stdout, stderr } = await crawl(listening, [
      `${listening.url}/batch/acme/reports`,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(rowsIn(stdout)).toEqual(await servedRows(listening, 'reports'));
    expect(rowsIn(stdout)).toHaveLength(SHARED);
  });

  test('is what the options ask for', async () => {
    const listening = await openFull();
    const { code, stdout } = await crawl(listening, [
      `${listening.url}/acme`,
      ...['--list', 'queries', '--include-spaces', 'all', '--per-page', '999'],
    ]);
    expect(code).toBe(0);
    expect(rowsIn(stdout)).toEqual(await servedRows(listening, 'queries', '&include_spaces=all'));
    expect(rowsIn(stdout)).toHaveLength(SHARED + PERSONAL);
  });

  test('is nothing for an empty list', async () => {
    const listening = await openListening();
    const outcome = await crawl(listening, [`${listening.url}/batch/acme/members/`]);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('ends quietly where nobody reads on', async () => {
    const { url, bearer } = await openFull();
    const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
    const shell = `'${process.execPath}' '${program}' crawl ${url}/acme | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const run = promisify(execFile)('bash', ['-c', shell], {
      env: { ...process.env, ROLLCALL_BEARER: bearer },
    });
    const outcome = await run.catch((error) => error);
    expect(rowsIn(outcome.stdout)).toHaveLength(1);
    expect(outcome.stderr).toBe('');
    expect(outcome.code).toBe(141);
  });
});

test('two crawls at once on one credential print every row once each, whatever is deleted', async () => {
  const listening = await openFull();
  const { database, acme } = listening;
  const before = await servedRows(listening, 'reports');
  let removed = 10_000;
  const proxy = await startFaultProxy(listening.url, async ({ url = '' }) => {
    if (!url.includes('page=1') && url.includes('page=')) {
      const row = await findRowByToken(database, acme.id, lists.reports, `report${removed++}`);
      await database.transaction((store) =>
        changeRows(store, acme.id, (writer) =>
          writer.remove(lists.reports, [row?.slot as number], 0),
        ),
      );
    }
    return undefined;
  });
  const run = () => crawl(listening, [`${proxy.url}/acme`]);
  for (const { code, stdout, stderr } of await Promise.all([run(), run()])) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const tokens = rowsIn(stdout).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens).toEqual(
      expect.arrayContaining(before.slice(4).map((row) => (row as { token: string }).token)),
    );
  }
});

test('fewer rows at the end than were printed are no fault of a server whose list changes, and said', async () => {
  const listening = await openListening();
  const page = (number: number, total: number, next?: string) =>
    answer(200, {
      pagination: { page: number, per_page: 1, count: 1, total_pages: 2, total_count: total },
      reports: [{ id: number }],
      _links: next === undefined ? {} : { next_page: { href: next } },
    });
  const proxy = await startFaultProxy(listening.url, ({ url = '' }) =>
    url.includes('page=2') ? page(2, 1) : page(1, 2, '/batch/acme/reports?page=2&per_page=1'),
  );
  const { code, stdout, stderr } = await crawl(listening, [`${proxy.url}/acme`]);
  expect(stderr).toBe(
    'The list of reports changed while it was read: rows printed: 2, rows at the end: 1. ' +
      'Every row that was listed the whole time was printed.\n',
  );
  expect(code).toBe(0);
  expect(rowsIn(stdout)).toHaveLength(2);
});

describe('the credential', () => {
  test('is read from a file', async () => {
    const listening = await openFull();
    const file = join(listening.config.dataDir, 'bearer');
    writeFileSync(file, `${listening.bearer}\n`);
    const args = [`${listening.url}/batch/acme/spaces`, '--bearer-file', file];
    const { code, stdout } = await crawl(listening, args, {});
    expect(code).toBe(0);
    expect(rowsIn(stdout)).toHaveLength(2);
  });

  test('is asked for where there is none', async () => {
    const listening = await openListening();
    const { code, stderr } = await crawl(listening, [`${listening.url}/acme`], {});
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^rollcall: There is no credential for the server\. Set ROLLCALL_BEARER/,
    );
  });

  test('that is refused is not shown', async () => {
    const listening = await openListening();
    for (const ROLLCALL_BEARER of ['Bearer aHVudGVyMg==', 'hunter2:hunter2']) {
      const { code, stderr } = await crawl(listening, [`${listening.url}/acme`], {
        ROLLCALL_BEARER,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/answered 401|bearer is invalid/);
      expect(stderr).not.toMatch(/hunter2|aHVudGVyMg/);
    }
  });
});

describe('it fails', () => {
  test('where the server goes away in between, and says that it tried again', async () => {
    const listening = await openFull();
    const proxy = await startFaultProxy(listening.url);
    proxy.fail(({ url = '' }, number) => {
      if (number === 1) return cut;
      return url.includes('page=3')
        ? answer(400, { id: 'bad_request', message: 'No.' })
        : undefined;
    });
    const { code, stdout, stderr } = await crawl(listening, [`${proxy.url}/acme`]);
    expect(code).toBe(1);
    expect(rowsIn(stdout)).toHaveLength(2000);
    const [retry, failure] = stderr.split('\n');
    expect(retry).toMatch(/page=2.* failed: .* Trying again in 0\.\d s\.$/);
    expect(failure).toMatch(/^rollcall: .*page=3.* answered 400: No\.$/);
  });

  test('where the server gives fewer rows than it says', async () => {
    const listening = await openListening();
    const pagination = { page: 1, per_page: 1000, count: 1, total_pages: 1, total_count: 7 };
    const proxy = await startFaultProxy(listening.url, () =>
      answer(200, { pagination, reports: [{ id: 1 }], _links: {} }),
    );
    const { code, stderr } = await crawl(listening, [`${proxy.url}/acme`]);
    expect(code).toBe(1);
    expect(stderr).toContain('The server reported 7 reports but returned 1.');
  });

  test('where what it is given makes no sense, before anything is sent', async () => {
    const listening = await openListening();
    const proxy = await startFaultProxy(listening.url);
    const wrong: [string[], RegExp][] = [
      [[], /missing required argument 'URL'/],
      [[`${proxy.url}/acme`, '--list', 'secrets'], /Allowed choices are reports/],
      [[`${proxy.url}/acme`, '--per-page', '1e3'], /whole number from 1 to 1000/],
      [
        [`${proxy.url}/batch/acme/spaces`, '--list', 'charts'],
        /names the list spaces, and --list charts/,
      ],
    ];
    for (const [args, complaint] of wrong) {
      const { code, stdout, stderr } = await crawl(listening, args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(complaint);
    }
    expect(proxy.requests).toEqual([]);
  });
});
