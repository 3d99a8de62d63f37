import { type AnyRow, type List, type ListName, lists } from '../inventory/lists.ts';
import { toBytes, toRow } from '../inventory/row.ts';
import { pageEnvelope } from './page-envelope.ts';

const space = { space_id: 41, space_token: 'acd5fc167d0g' };
const report = { report_id: 5412, report_token: 'bfe4fc361d9f' };

/** What one row of each list may hold; fields that are not here are null. */
const given: Record<ListName, AnyRow> = {
  reports: {
    id: 5412,
    token: 'bfe4fc361d9f',
    name: 'Weekly revenue',
    created_at: '2020-05-04T20:17:57.253Z',
    edited_at: '2020-12-04T20:17:57.253Z',
    updated_at: '2020-05-04T20:17:57.253Z',
    last_successfully_run_at: '2020-12-14T20:17:57.253Z',
    last_viewed_at: '2020-12-15T08:02:11.090Z',
    last_run_at: '2020-12-15T08:02:12.514Z',
    last_run_token: '3ffcbb7b2c63',
    last_run_state: 'failed',
    creator_email: 'creator@company.com',
    ...space,
    report_url: '/api/acme/reports/bfe4fc361d9f',
  },
  report_stats: {
    ...report,
    active_schedules_count: 1,
    explorations_count: 0,
    view_count: 87,
    total_views_count: 87,
    recent_manual_run_creators_emails: ['creator@company.com'],
    scheduled_run_creators_emails: ['creator@company.com'],
    editors_emails: [],
  },
  spaces: {
    id: 41,
    token: 'acd5fc167d0g',
    name: 'Finance',
    description: 'What the finance team reports every week.',
    space_type: 'custom',
    space_url: '/api/acme/spaces/acd5fc167d0g',
  },
  queries: {
    id: 8120,
    token: '5f0c2ab9d1e4',
    name: 'Revenue by week',
    raw_query: "select date_trunc('week', paid_at) as week, sum(amount) from payments group by 1",
    creator_email: 'creator@company.com',
    data_source_token: '0d3b1c9ae577',
    ...report,
    ...space,
  },
  charts: {
    id: 9311,
    token: '77b1e06c4f20',
    chart_type: 'line',
    chart_title: 'Revenue by week',
    query_id: 8120,
    query_token: '5f0c2ab9d1e4',
    ...report,
    report_creator_email: 'creator@company.com',
    ...space,
  },
  members: {
    id: 12,
    token: 'c1f9a60b7e35',
    state: 'active',
    member_email: 'creator@company.com',
    member_token: '9b2ed4410cf8',
    member_username: 'creator',
    activated_at: '2020-04-10T14:43:40Z',
    last_report_created_at: '2020-05-04T20:17:57Z',
    last_report_viewed_at: '2020-12-15T08:02:11Z',
    last_report_run_at: '2020-12-15T08:02:12Z',
    last_report_edited_at: '2020-12-04T20:17:57Z',
    total_days_engaged: 58,
    last_day_engaged: '2020-12-15',
    last_day_api_engaged: '2020-12-14',
    last_day_in_app_engaged: '2020-12-15',
  },
};

/** A row of a list as the description of the API shows it. */
export function exampleRow(list: List): AnyRow {
  return toRow(list, given[list.name]);
}

/** The first page of a list with `per_page=1`, made the way every page is. */
export function examplePage(list: List): unknown {
  const { head, tail } = pageEnvelope({
    basePath: '',
    organization: 'acme',
    list: list.name,
    page: 1,
    perPage: 1,
    includeSpaces: undefined,
    start: 0,
    count: 1,
    totalCount: list === lists.spaces || list === lists.members ? 160 : 4146,
    isLast: false,
    crawl: undefined,
  });
  return JSON.parse(`${head}${toBytes(exampleRow(list))}${tail}`);
}
