import { describe, expect, test } from 'vitest';
import {
  type Chart,
  type Member,
  type Query,
  type Report,
  type ReportStats,
  RollcallClient,
  type Space,
} from '../../src/client/index.ts';
import { lists } from '../../src/inventory/lists.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization } from '../support/workplace.ts';

async function openFull() {
  const listening = await openListening();
  await putInventory(listening);
  const { url, bearer } = listening;
  return { ...listening, client: new RollcallClient({ url, organization: 'acme', bearer }) };
}

describe('each list', () => {
  test('gives every row of every page, in order', async () => {
    const { client } = await openFull();
    const ids: number[] = [];
    for await (const report of client.reports()) ids.push(report.id);
    expect(ids).toEqual(Array.from({ length: SHARED }, (_, index) => 10_000 + index));
  });

  test('with includeSpaces all has what lies in personal spaces on later pages, too', async () => {
    const { client } = await openFull();
    const all = { includeSpaces: 'all' } as const;
    const count = async (rows: AsyncIterable<unknown>) => {
      let counted = 0;
      for await (const _ of rows) counted++;
      return counted;
    };
    expect(await count(client.reports(all))).toBe(SHARED + PERSONAL);
    expect(await count(client.reportStats(all))).toBe(SHARED + PERSONAL);
    expect(await count(client.queries(all))).toBe(SHARED + PERSONAL);
    expect(await count(client.charts(all))).toBe(SHARED + PERSONAL);
    expect(await count(client.spaces(all))).toBe(2);
    expect(await count(client.members(all))).toBe(3);
  });

  test('has rows with the keys that its type says', async () => {
    const { client } = await openFull();
    const first = async <Row>(rows: AsyncGenerator<Row, void, void>) =>
      Object.keys((await rows.next()).value ?? {});
    const text = null;
    const none = { id: 0, token: '' };
    const report: Report = {
      ...none,
      name: text,
      description: text,
      created_at: text,
      edited_at: text,
      updated_at: text,
      last_successfully_run_at: text,
      last_viewed_at: text,
      last_run_at: text,
      last_run_token: text,
      last_run_state: text,
      creator_email: text,
      space_id: null,
      space_token: text,
      report_url: text,
    };
    const stats: ReportStats = {
      report_id: 0,
      report_token: '',
      active_schedules_count: null,
      explorations_count: null,
      view_count: null,
      total_views_count: null,
      recent_manual_run_creators_emails: [],
      scheduled_run_creators_emails: [],
      editors_emails: [],
    };
    const space: Space = {
      ...none,
      name: text,
      description: text,
      space_type: text,
      space_url: text,
    };
    const ofReport = { report_id: 0, report_token: '' };
    const inSpace = { space_id: null, space_token: text };
    const query: Query = {
      ...none,
      name: text,
      raw_query: text,
      creator_email: text,
      data_source_token: text,
      ...ofReport,
      ...inSpace,
    };
    const chart: Chart = {
      ...none,
      chart_type: text,
      chart_title: text,
      query_id: null,
      query_token: text,
      ...ofReport,
      report_creator_email: text,
      ...inSpace,
      exploration_url: text,
    };
    const member: Member = {
      ...none,
      state: text,
      member_email: text,
      member_token: text,
      member_username: text,
      banned_at: text,
      activated_at: text,
      last_report_created_at: text,
      last_report_viewed_at: text,
      last_report_run_at: text,
      last_report_edited_at: text,
      total_days_engaged: null,
      last_exploration_created_at: text,
      last_exploration_updated_at: text,
      last_day_engaged: text,
      last_day_api_engaged: text,
      last_day_in_app_engaged: text,
    };
    expect(await first(client.reports())).toEqual(Object.keys(report));
    expect(await first(client.reportStats())).toEqual(Object.keys(stats));
    expect(await first(client.spaces())).toEqual(Object.keys(space));
    expect(await first(client.queries())).toEqual(Object.keys(query));
    expect(await first(client.charts())).toEqual(Object.keys(chart));
    expect(await first(client.members())).toEqual(Object.keys(member));
  });
});

describe('pages', () => {
  test('come whole, of the size asked for, from the page asked for', async () => {
    const { client } = await openFull();
    const pages = await Array.fromAsync(client.pages('reports', { perPage: 600, page: 3 }));
    expect(pages.map(({ pagination }) => pagination)).toEqual([
      { page: 3, per_page: 600, count: 600, total_pages: 5, total_count: SHARED },
      { page: 4, per_page: 600, count: 600, total_pages: 5, total_count: SHARED },
      { page: 5, per_page: 600, count: 100, total_pages: 5, total_count: SHARED },
    ]);
    expect(pages.map(({ rows }) => rows.length)).toEqual([600, 600, 100]);
  });

  test('of an empty list are one without rows', async () => {
    const { url, bearer } = await openListening();
    const client = new RollcallClient({ url, organization: 'acme', bearer });
    for (const list of Object.keys(lists) as (keyof typeof lists)[]) {
      const pages = await Array.fromAsync(client.pages(list));
      expect(pages).toEqual([
        {
          cursor: expect.any(String),
          pagination: { page: 1, per_page: 1000, count: 0, total_pages: 0, total_count: 0 },
          rows: [],
        },
      ]);
    }
  });

  test('stop being asked for when the reader stops', async () => {
    const { client } = await openFull();
    const seen: number[] = [];
    for await (const { pagination } of client.pages('reports', { perPage: 10 })) {
      seen.push(pagination.page);
      if (pagination.page === 2) break;
    }
    expect(seen).toEqual([1, 2]);
  });
});

test('a bearer is taken with its word, without it, and with the line end of a file', async () => {
  const { url, database } = await openListening();
  const other = await makeOrganization(database, 'other');
  const bearer = await makeBearer(database, other);
  for (const form of [
    bearer,
    bearer.replace('Bearer ', ''),
    `${bearer}\n`,
    bearer.toLowerCase().slice(0, 7) + bearer.slice(7),
  ]) {
    const client = new RollcallClient({ url: `${url}/`, organization: 'other', bearer: form });
    expect(await Array.fromAsync(client.spaces())).toEqual([]);
  }
});

test('a server below a path of its own is read through a fetch of one’s own', async () => {
  const { url, bearer, acme, database } = await openListening();
  await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const asked: string[] = [];
  const client = new RollcallClient({
    url: `${url}/below/`,
    organization: 'acme',
    bearer,
    fetch: (target, init) => {
      asked.push(String(target).slice(url.length));
      return fetch(String(target).replace('/below', ''), init);
    },
  });
  const ids = (await Array.fromAsync(client.reports({ perPage: 1 }))).map(({ id }) => id);
  expect(ids).toEqual([1, 2]);
  expect(asked).toEqual([
    '/below/batch/acme/reports?per_page=1&crawl=new',
    expect.stringMatching(/^\/below\/batch\/acme\/reports\?page=2&per_page=1&crawl=[\w-]+$/),
  ]);
});
