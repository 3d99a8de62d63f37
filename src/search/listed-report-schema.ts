import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { Organization } from '../organizations/organization.ts';
import type { FoundReport } from '../report-index/report-question.ts';

/** A report as a list that is looked through shows it. */
export const ListedReport = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    name: textOrNull('Null while the report is untitled.'),
    description: textOrNull('Description of the report.'),
    type: Type.Literal('Report', { description: 'Kind of resource.' }),
    archived: Type.Boolean({ description: 'Whether it is archived.' }),
    space_token: textOrNull('Token of its space.'),
    space_name: textOrNull('Name of that space.'),
    personal: Type.Boolean({ description: 'Whether that is a personal space.' }),
    favorite: Type.Boolean({ description: 'Whether it is one of your favorites.' }),
    creator_email: textOrNull('Email address of the owner.'),
    created_at: timeOrNull('Creation time.'),
    edited_at: timeOrNull('Time of the last edit by a person.'),
    updated_at: timeOrNull('Time of the last change of any kind.'),
    last_run_at: timeOrNull('Start of the last run.'),
    last_run_state: textOrNull('State of its last run.'),
    last_successfully_run_at: timeOrNull('End of the last successful run.'),
    last_viewed_at: timeOrNull('Time when a person last opened it.'),
    view_count: Type.Integer({ description: 'Number of views, once per person and visit.' }),
    active_schedules_count: Type.Integer({ description: 'Number of active schedules.' }),
    query_count: Type.Integer({ description: 'Number of its queries.' }),
    chart_types: Type.Array(Type.String(), { description: 'Types of its charts, each once.' }),
    _links: links({
      self: Link('This report.'),
      space: Type.Optional(Link('Its space.')),
      last_run: Type.Optional(Link('Its last run; absent if it never ran.')),
    }),
  },
  {
    $id: 'ListedReport',
    description: 'A report in short.',
    examples: [
      {
        token: 'bfe4fc361d9f',
        id: '5412',
        name: 'Weekly revenue',
        description: null,
        type: 'Report',
        archived: false,
        space_token: 'acd5fc167d0g',
        space_name: 'Finance',
        personal: false,
        favorite: true,
        creator_email: 'ana@example.com',
        created_at: '2020-05-04T20:17:57.253Z',
        edited_at: '2020-12-04T20:17:57.253Z',
        updated_at: '2020-12-15T08:02:12.514Z',
        last_run_at: '2020-12-15T08:02:12.514Z',
        last_run_state: 'failed',
        last_successfully_run_at: '2020-12-14T20:17:57.253Z',
        last_viewed_at: '2020-12-15T09:11:02.004Z',
        view_count: 214,
        active_schedules_count: 1,
        query_count: 2,
        chart_types: ['line', 'table'],
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f' },
          space: { href: '/api/acme/spaces/acd5fc167d0g' },
          last_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
        },
      },
    ],
  },
);

const count = Type.Integer({ description: 'Number of matching reports.' });

/** How many of the reports that were found lie in each space, and what their last runs came to. */
const ReportFacets = closed(
  {
    spaces: Type.Array(
      closed({
        token: Type.String({ description: 'Token of the space.' }),
        name: textOrNull('Name of the space.'),
        count,
      }),
      { description: 'The hundred spaces with most matches.' },
    ),
    states: Type.Array(
      closed({
        state: textOrNull('State of the last run; null for reports that never ran.'),
        count,
      }),
      { description: 'Every state.' },
    ),
  },
  { description: 'Counts of the matches, with `facets=true`.' },
);

const page = halList('reports', reference(ListedReport));

export const ListedReports = closed({ ...page.properties, facets: Type.Optional(ReportFacets) });
export type ListedReports = Static<typeof ListedReports>;

export function toListedReport(
  { username }: Organization,
  found: FoundReport,
  isFavorite: boolean,
): Static<typeof ListedReport> {
  const row = readRow(lists.reports, found);
  const account = `/api/${username}`;
  const self = `${account}/reports/${encodeURIComponent(row.token)}`;
  const below = (path: string, token: string | null) =>
    token === null ? undefined : { href: `${path}/${encodeURIComponent(token)}` };
  const space = below(`${account}/spaces`, row.space_token);
  const lastRun = below(`${self}/runs`, row.last_run_token);
  return {
    token: row.token,
    id: String(row.id),
    name: row.name,
    description: row.description,
    type: 'Report',
    archived: found.isArchived,
    space_token: row.space_token,
    space_name: found.spaceName,
    personal: found.isPersonal,
    favorite: isFavorite,
    creator_email: row.creator_email,
    created_at: row.created_at,
    edited_at: row.edited_at,
    updated_at: row.updated_at,
    last_run_at: row.last_run_at,
    last_run_state: row.last_run_state,
    last_successfully_run_at: row.last_successfully_run_at,
    last_viewed_at: row.last_viewed_at,
    view_count: found.viewCount,
    active_schedules_count: found.activeSchedules,
    query_count: found.queryCount,
    chart_types: found.chartTypes,
    _links: {
      self: { href: self },
      ...(space && { space }),
      ...(lastRun && { last_run: lastRun }),
    },
  };
}
