import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic } from '../support/workplace.ts';

/**
 * Reads a list the way Amundsen's extractors do: `?page=N` and nothing else, for as long as a page seems full. The
 * chosen fields of all rows are put into one list, which is cut into records by the number of fields, so that a key
 * that a row leaves out moves all that follows. Neither `pagination` nor `_links` is looked at.
 */
type Extractor = {
  url: string;
  authorization: string;
  list: string;
  fields: string[];
  /** Charts are counted by their values, not by their rows. */
  countsValues?: boolean;
  /** What the option for all spaces adds to the address; the page follows behind another question mark. */
  suffix?: string;
};

const FULL_PAGE = 1000;
/** More pages than any list here has; a server at which the reading does not end is told from one at which it does. */
const FAR_TOO_MANY_PAGES = 20;

async function extract({
  url,
  authorization,
  list,
  fields,
  countsValues = false,
  suffix = '',
}: Extractor): Promise<{ records: GivenRow[]; pages: number }> {
  const values: unknown[] = [];
  for (let page = 1; page <= FAR_TOO_MANY_PAGES; page++) {
    const response = await fetch(`${url}/batch/acme/${list}${suffix}?page=${page}`, {
      headers: { accept: '*/*', authorization, 'user-agent': 'python-requests/2.32.0' },
    });
    if (response.status !== 200) throw new Error(`${list}, page ${page}: ${response.status}`);
    const rows = ((await response.json()) as Record<string, GivenRow[]>)[list] as GivenRow[];
    const chosen = rows.flatMap((row) =>
      fields.filter((field) => field in row).map((field) => row[field]),
    );
    values.push(...chosen);
    if ((countsValues ? chosen : rows).length < FULL_PAGE) {
      return { records: cut(values, fields), pages: page };
    }
  }
  throw new Error(`Reading ${list} does not end.`);
}

function cut(values: readonly unknown[], fields: readonly string[]): GivenRow[] {
  const records: GivenRow[] = [];
  for (let at = 0; at < values.length; at += fields.length) {
    records.push(Object.fromEntries(fields.map((field, index) => [field, values[at + index]])));
  }
  return records;
}

/** The last number of a shared report in the inventory. */
const LAST = 10_000 + SHARED - 1;

/** Seconds since 1970. A time without milliseconds, or without Z, becomes 0. */
function toEpoch(time: unknown): number {
  const isKnown = typeof time === 'string' && /^\d+-\d+-\d+T\d+:\d+:\d+\.\d+Z$/.test(time);
  return isKnown ? Date.parse(time) / 1000 : 0;
}

async function openCatalog() {
  const listening = await openListening();
  await putInventory(listening);
  const { url, bearer } = listening;
  const read = (list: string, fields: string[], more: Partial<Extractor> = {}) =>
    extract({ url, authorization: bearer, list, fields, ...more });
  return { ...listening, read };
}

const spaceFields = ['token', 'name', 'description'];

test('dashboards are all there, each with its space', async () => {
  const { read } = await openCatalog();
  const { records, pages } = await read('reports', [
    ...['token', 'name', 'description', 'created_at', 'space_token'],
  ]);
  expect(pages).toBe(Math.ceil(SHARED / FULL_PAGE));
  expect(records).toHaveLength(SHARED);
  const spaces = (await read('spaces', spaceFields)).records;
  expect(new Set(spaces.map((space) => space.token)).size).toBe(spaces.length);
  const names = new Map(spaces.map((space) => [space.token, space.name]));
  for (const record of records) {
    expect(record.token).toMatch(/^report\d+$/);
    expect(names.get(record.space_token)).toBe('Space 1');
    expect(toEpoch(record.created_at)).toBe(Date.UTC(2026, 0, 1) / 1000);
  }
});

test('the last executions are not moved by what a report does not know', async () => {
  const { database, acme, read } = await openCatalog();
  const ran = { last_run_at: '2026-03-01T10:00:00.500Z', last_run_state: 'succeeded' };
  const rows = [9_001, 9_002, 9_003].map((number) =>
    reportRow(number, { space_token: 'space1', ...(number === 9_002 ? ran : {}) }),
  );
  await putRows(database, acme, lists.reports, rows);
  const { records } = await read('reports', [
    ...['token', 'space_token', 'last_run_at', 'last_run_state'],
  ]);
  expect(records).toHaveLength(SHARED + rows.length);
  for (const record of records) expect(record.space_token).toBe('space1');
  expect(records.at(-2)).toMatchObject(ran);
  expect(toEpoch(records.at(-2)?.last_run_at)).toBe(Date.UTC(2026, 2, 1, 10, 0, 0, 500) / 1000);
  expect(records.at(-1)).toMatchObject({ last_run_at: null, last_run_state: null });
});

test.each([['edited_at'], ['last_successfully_run_at'], ['creator_email']])(
  'the extractor of %s gets one record for each report',
  async (field) => {
    const { read } = await openCatalog();
    const { records } = await read('reports', ['token', 'space_token', field]);
    expect(records).toHaveLength(SHARED);
    expect(records.at(-1)).toEqual({
      token: `report${LAST}`,
      space_token: 'space1',
      [field]: null,
    });
  },
);

test('usage finds a report, a space and a number of views for each row of stats', async () => {
  const { read } = await openCatalog();
  const stats = (await read('report_stats', ['report_token', 'view_count'])).records;
  const reports = (await read('reports', ['token', 'space_token'])).records;
  const spaces = new Set((await read('spaces', spaceFields)).records.map((space) => space.token));
  const spaceOf = new Map(reports.map((report) => [report.token, report.space_token]));
  expect(stats).toHaveLength(SHARED);
  for (const { report_token: token, view_count: views } of stats) {
    expect(spaces).toContain(spaceOf.get(token));
    expect(views).toBe(3);
  }
});

test('queries carry their SQL and their places', async () => {
  const { read } = await openCatalog();
  const { records } = await read('queries', [
    ...['report_token', 'space_token', 'token', 'name', 'raw_query'],
  ]);
  expect(records).toHaveLength(SHARED);
  expect(records.at(-1)).toEqual({
    report_token: `report${LAST}`,
    space_token: 'space1',
    token: `query${LAST}`,
    name: null,
    raw_query: 'select 1',
  });
});

describe('charts, which are counted by their values', () => {
  const fields = [
    ...['space_token', 'report_token', 'query_token', 'token', 'chart_title', 'chart_type'],
  ];

  test('end with one more page than there are', async () => {
    const { read } = await openCatalog();
    const { records, pages } = await read('charts', fields, { countsValues: true });
    expect(pages).toBe(Math.ceil(SHARED / FULL_PAGE) + 1);
    expect(new Set(records.map((chart) => chart.token)).size).toBe(SHARED);
  });

  test('end with all spaces too, although the page comes behind a second question mark', async () => {
    const { read } = await openCatalog();
    const more = { countsValues: true, suffix: '?include_spaces=all' };
    const { records, pages } = await read('charts', fields, more);
    expect(pages).toBe(Math.ceil((SHARED + PERSONAL) / FULL_PAGE) + 1);
    expect(new Set(records.map((chart) => chart.token)).size).toBe(SHARED + PERSONAL);
  });
});

test('a list of whole thousands ends, for the page past its end is empty and no error', async () => {
  const { url, bearer, database, acme } = await openListening();
  const rows = Array.from({ length: 2_000 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  const { records, pages } = await extract({
    url,
    authorization: bearer,
    list: 'reports',
    fields: ['token'],
  });
  expect(records).toHaveLength(2_000);
  expect(pages).toBe(3);
});

test('a workspace with nothing in it is read as one', async () => {
  const { url, bearer } = await openListening();
  for (const list of Object.keys(lists)) {
    const read = await extract({ url, authorization: bearer, list, fields: ['token'] });
    expect(read).toEqual({ records: [], pages: 1 });
  }
});

test('its users are found through memberships, each with an address', async () => {
  const { url, database, acme } = await openListening();
  const authorization = await makeBasic(database, acme);
  await makeBasic(database, acme, 'member');
  const read = async (path: string) =>
    (await (await fetch(`${url}${path}`, { headers: { authorization } })).json()) as GivenRow;
  const { _embedded } = (await read('/api/acme/memberships')) as {
    _embedded: {
      memberships: { member_username: string; _links: { user: { href: string } } }[];
    };
  };
  const users = await Promise.all(
    _embedded.memberships.map(async ({ member_username: name, _links }) => {
      const { email } = await read(_links.user.href);
      return { name, email };
    }),
  );
  expect(users).toEqual([
    { name: 'admin', email: 'admin@acme.example' },
    { name: 'member', email: 'member@acme.example' },
  ]);
});
