import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, orNull, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';
import {
  chartFields,
  emptyFields,
  fieldsOf,
  queryFields,
  reportFields,
} from './content/content.ts';
import { shown } from './field-schemas.ts';
import type { ReportContent } from './report-content.ts';
import { reportPath } from './report-schema.ts';
import type { ReportVersion } from './version-store.ts';

const token = Type.String({ description: 'Token, the same in every version.' });

const fields = {
  number: Type.Integer({ description: 'Number, from 1 in each report.' }),
  saved_at: time('Time when it was saved.'),
  editor_email: textOrNull(
    'Email address of the editor; null for the state before the first edit.',
  ),
  summary: Type.String({ description: 'Summary of the edit.' }),
  name: textOrNull('Name of the version; null if it has none.'),
};
const linksOfVersion = { self: Link('This version.'), report: Link('Its report.') };
const ownLinks = links(linksOfVersion);

const Content = closed(
  {
    ...shown.report,
    queries: Type.Array(
      closed({
        token,
        ...shown.query,
      }),
    ),
    charts: Type.Array(
      closed({
        token,
        query_token: textOrNull('Token of its query.'),
        ...shown.chart,
      }),
    ),
  },
  { description: 'Content of the report.' },
);

const example = {
  number: 3,
  saved_at: '2026-11-23T08:20:01.004Z',
  editor_email: 'ana@example.com',
  summary: 'Changed the query “Revenue by month”',
  name: 'As sent to the board',
  _links: {
    self: { href: '/api/acme/reports/bfe4fc361d9f/versions/3' },
    report: { href: '/api/acme/reports/bfe4fc361d9f' },
  },
};

/** A version of a report as a list has it. */
export const Version = closed(
  { ...fields, _links: ownLinks },
  {
    $id: 'Version',
    description: 'A version of a report, without its content.',
    examples: [example],
  },
);
export type Version = Static<typeof Version>;

/** A version of a report with what it holds. */
export const WholeVersion = closed(
  {
    ...fields,
    content: Content,
    _links: links({
      ...linksOfVersion,
      run: Type.Optional(
        Link('The last successful run of this version; absent if no results are stored.'),
      ),
    }),
  },
  {
    $id: 'WholeVersion',
    description: 'A version of a report.',
    examples: [
      {
        ...example,
        content: {
          ...emptyFields(reportFields),
          name: 'Weekly revenue',
          queries: [
            {
              token: 'a5f2cd4f3ad1',
              ...emptyFields(queryFields),
              name: 'Revenue by month',
              raw_query: 'select month, sum(amount) as revenue from orders group by month',
              data_source_token: 'c93d5b1a7e20',
            },
          ],
          charts: [
            {
              token: '77d0ba2d9c5e',
              query_token: 'a5f2cd4f3ad1',
              ...emptyFields(chartFields),
              chart_type: 'line',
              chart_title: 'Revenue, month by month',
              spec: { x: 'month', y: ['revenue'] },
            },
          ],
        },
      },
    ],
  },
);

/** What is sent to name a version. */
export const VersionChange = closed(
  {
    version: closed(
      {
        name: orNull(
          Type.String({ minLength: 1, maxLength: MAX_LENGTH.name }),
          'Name of the version; null for none.',
        ),
      },
      { description: 'The fields to change.' },
    ),
  },
  {
    $id: 'VersionChange',
    description: 'Changes to a version.',
    examples: [{ version: { name: 'As sent to the board' } }],
  },
);
export type VersionChange = Static<typeof VersionChange>;

export type WholeVersion = Static<typeof WholeVersion>;

export const Versions = halList('versions', reference(Version));
export type Versions = Static<typeof Versions>;
export const versionSchemas = [Version, WholeVersion, VersionChange];

export function toVersion(
  organization: Organization,
  reportToken: string,
  { number, savedAt, editorEmail, summary, name }: ReportVersion,
): Version {
  const report = reportPath(organization, reportToken);
  return {
    number,
    saved_at: savedAt,
    editor_email: editorEmail,
    summary,
    name,
    _links: { self: { href: `${report}/versions/${number}` }, report: { href: report } },
  };
}

export function toWholeVersion(
  organization: Organization,
  reportToken: string,
  { content, ...version }: ReportVersion & { content: ReportContent },
  run: string | undefined,
): WholeVersion {
  const { _links, ...shown } = toVersion(organization, reportToken, version);
  const runs = `${reportPath(organization, reportToken)}/runs`;
  return {
    ...shown,
    content: {
      ...fieldsOf(reportFields, content),
      queries: content.queries.map(({ token, ...query }) => ({
        token,
        ...fieldsOf(queryFields, query),
      })),
      charts: content.queries.flatMap(({ token: query_token, charts }) =>
        charts.map(({ token, ...chart }) => ({
          token,
          query_token,
          ...fieldsOf(chartFields, chart),
        })),
      ),
    },
    _links: { ..._links, ...(run !== undefined && { run: { href: `${runs}/${run}` } }) },
  };
}
