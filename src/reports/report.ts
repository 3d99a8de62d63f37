import { type Static, Type } from 'typebox';
import type { Organization } from '../organizations/organization.ts';

const text = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const time = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
const link = (description: string) =>
  Type.Object(
    { href: Type.String({ description: 'Path, relative to the host.' }) },
    { description, additionalProperties: false },
  );

/** A report as the REST API shows it (HAL). Numbers of things are text there, as real servers send them. */
export const Report = Type.Object(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    name: text('Null while the report is untitled.'),
    description: text('What the report is about.'),
    type: Type.Literal('Report', { description: 'What kind of thing this is.' }),
    created_at: time('When it was made.'),
    updated_at: time('When anything about it last changed.'),
    edited_at: time('When a person last edited it.'),
    last_saved_at: time('When it was last saved: edited or, before that, made.'),
    last_run_at: time('When its last run started.'),
    last_successfully_run_at: time('When its last successful run ended.'),
    archived: Type.Boolean({ description: 'Whether it was put away.' }),
    space_token: text('Token of the space it is in.'),
    account_id: Type.String({ description: 'Number of the organization, as text.' }),
    account_username: Type.String({ description: 'Username of the organization.' }),
    _links: Type.Object(
      {
        self: link('This report.'),
        account: link('Its organization.'),
        space: Type.Optional(link('Its space.')),
        last_run: Type.Optional(link('Its last run; absent where it never ran.')),
      },
      { description: 'Where related things are.', additionalProperties: false },
    ),
  },
  {
    $id: 'Report',
    description: 'A report.',
    additionalProperties: false,
    examples: [
      {
        token: 'bfe4fc361d9f',
        id: '5412',
        name: 'Weekly revenue',
        description: null,
        type: 'Report',
        created_at: '2020-05-04T20:17:57.253Z',
        updated_at: '2020-05-04T20:17:57.253Z',
        edited_at: '2020-12-04T20:17:57.253Z',
        last_saved_at: '2020-12-04T20:17:57.253Z',
        last_run_at: '2020-12-15T08:02:12.514Z',
        last_successfully_run_at: '2020-12-14T20:17:57.253Z',
        archived: false,
        space_token: 'acd5fc167d0g',
        account_id: '4',
        account_username: 'acme',
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f' },
          account: { href: '/api/acme' },
          space: { href: '/api/acme/spaces/acd5fc167d0g' },
          last_run: { href: '/api/acme/reports/bfe4fc361d9f/runs/3ffcbb7b2c63' },
        },
      },
    ],
  },
);

/** What a report's row in the Discovery list holds. */
export type ReportRow = {
  id: number;
  token: string;
  name: string | null;
  description: string | null;
  created_at: string | null;
  edited_at: string | null;
  updated_at: string | null;
  last_successfully_run_at: string | null;
  last_run_at: string | null;
  last_run_token: string | null;
  space_token: string | null;
};

/** The report behind a row. A link is there only where there is something to link to. */
export function toReport(organization: Organization, row: ReportRow): Static<typeof Report> {
  const account = `/api/${organization.username}`;
  const self = `${account}/reports/${row.token}`;
  return {
    token: row.token,
    id: String(row.id),
    name: row.name,
    description: row.description,
    type: 'Report',
    created_at: row.created_at,
    updated_at: row.updated_at,
    edited_at: row.edited_at,
    last_saved_at: row.edited_at ?? row.created_at,
    last_run_at: row.last_run_at,
    last_successfully_run_at: row.last_successfully_run_at,
    archived: false,
    space_token: row.space_token,
    account_id: String(organization.id),
    account_username: organization.username,
    _links: {
      self: { href: self },
      account: { href: account },
      ...(row.space_token === null
        ? {}
        : { space: { href: `${account}/spaces/${row.space_token}` } }),
      ...(row.last_run_token === null
        ? {}
        : { last_run: { href: `${self}/runs/${row.last_run_token}` } }),
    },
  };
}
