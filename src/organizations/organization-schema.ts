import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';
import { type Organization, organizationToken } from './organization.ts';

const workspaceToken = Type.String({
  description: 'Token of the organization: its number in 12 hexadecimal digits.',
});

/** What an API token is good for. */
export const Verification = closed(
  {
    workspace: Type.String({ description: 'Username of the organization.' }),
    workspace_token: workspaceToken,
    api_key_scope: Type.Union([Type.Literal('workspace'), Type.Literal('member')], {
      description: '`workspace` for the token of an admin, `member` for that of any other member.',
    }),
    _links: links({ self: Link('This answer.'), account: Link('The organization.') }),
  },
  {
    $id: 'Verification',
    description: 'What a credential is good for.',
    examples: [
      {
        workspace: 'acme',
        workspace_token: '000000000004',
        api_key_scope: 'workspace',
        _links: { self: { href: '/api/verify' }, account: { href: '/api/acme' } },
      },
    ],
  },
);

/** An organization as the REST API shows it. */
export const OrganizationAccount = closed(
  {
    token: workspaceToken,
    id: Type.String({ description: 'Number, as text.' }),
    username: Type.String({ description: 'What stands for it in every path.' }),
    name: Type.String({ description: 'What people call it.' }),
    user: Type.Literal(false, { description: 'No person; true stands with a member.' }),
    _links: links({
      self: Link('This organization.'),
      spaces: Link('Its spaces.'),
      data_sources: Link('Where its queries run.'),
      memberships: Link('Who belongs to it.'),
    }),
  },
  {
    $id: 'Organization',
    description: 'An organization.',
    examples: [toOrganizationAccount({ id: 4, username: 'acme', name: 'Acme' })],
  },
);

export function toOrganizationAccount(organization: Organization) {
  const self = `/api/${organization.username}`;
  return {
    token: organizationToken(organization),
    id: String(organization.id),
    username: organization.username,
    name: organization.name,
    user: false as const,
    _links: {
      self: { href: self },
      spaces: { href: `${self}/spaces` },
      data_sources: { href: `${self}/data_sources` },
      memberships: { href: `${self}/memberships` },
    },
  };
}

export function toVerification(
  organization: Organization,
  scope: 'workspace' | 'member',
): Static<typeof Verification> {
  return {
    workspace: organization.username,
    workspace_token: organizationToken(organization),
    api_key_scope: scope,
    _links: {
      self: { href: '/api/verify' },
      account: { href: `/api/${organization.username}` },
    },
  };
}
