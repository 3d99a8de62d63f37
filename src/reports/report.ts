import { type Static, Type } from 'typebox';
import type { Organization } from '../organizations/organization.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);
const nullableTime = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);
const Link = Type.Object({ href: Type.String() }, { additionalProperties: false });

/** A report as the REST API shows it (HAL). Numbers of things are text there, as real servers send them. */
export const Report = Type.Object(
  {
    token: Type.String(),
    id: Type.String(),
    name: nullableText,
    description: nullableText,
    type: Type.Literal('Report'),
    created_at: nullableTime,
    updated_at: nullableTime,
    edited_at: nullableTime,
    last_saved_at: nullableTime,
    last_run_at: nullableTime,
    last_successfully_run_at: nullableTime,
    archived: Type.Boolean(),
    space_token: nullableText,
    account_id: Type.String(),
    account_username: Type.String(),
    _links: Type.Object(
      {
        self: Link,
        account: Link,
        space: Type.Optional(Link),
        last_run: Type.Optional(Link),
      },
      { additionalProperties: false },
    ),
  },
  { title: 'Report', additionalProperties: false },
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
