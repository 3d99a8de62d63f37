import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links, timeOrNull } from '../http/schema-parts.ts';
import { accountLinkSchemas, accountLinks } from './account-links.ts';
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
    _links: links({
      self: Link('The API token; for a session, this document.'),
      account: Link('The organization.'),
    }),
  },
  {
    $id: 'Verification',
    description: 'Scope of a credential.',
    examples: [
      {
        workspace: 'acme',
        workspace_token: '000000000004',
        api_key_scope: 'workspace',
        _links: {
          self: { href: '/api/acme/api_keys/5b89bf4b0a49' },
          account: { href: '/api/acme' },
        },
      },
    ],
  },
);

/** What Mode tells of every account, be it an organization or a person. */
export const accountFields = {
  avatar: closed(
    {
      type: Type.Literal('initials', {
        description: 'Always null: there are no profile pictures.',
      }),
      initials: Type.String({ description: 'Initials of the name.' }),
    },
    { description: 'Name for lists.' },
  ),
  dataset_size_limit_mb: Type.String({ description: 'Always 0: there are no datasets.' }),
  query_run_size_limit_mb: Type.String({ description: 'Maximum size of a result, in MB.' }),
};

export function toAccountFields(name: string | null, resultBytes: number) {
  return {
    avatar: { type: 'initials' as const, initials: [...(name ?? '')].slice(0, 2).join('') },
    dataset_size_limit_mb: '0',
    query_run_size_limit_mb: String(resultBytes / 1_000_000),
  };
}

/** An organization as the REST API shows it. */
export const OrganizationAccount = closed(
  {
    token: workspaceToken,
    id: Type.String({ description: 'Number, as text.' }),
    username: Type.String({ description: 'Identifier in every path.' }),
    name: Type.String({ description: 'Its display name.' }),
    email: Type.Null({ description: 'Always null: organizations have no address.' }),
    user: Type.Literal(false, { description: 'Always false; true for a person.' }),
    created_at: timeOrNull('Creation time.'),
    ...accountFields,
    _links: links({ self: Link('This organization.'), ...accountLinkSchemas }),
  },
  {
    $id: 'Organization',
    description: 'An organization.',
    examples: [
      toOrganizationAccount(
        { id: 4, username: 'acme', name: 'Acme' },
        { createdAt: '2020-04-10T14:43:40.000Z', resultBytes: 256_000_000 },
      ),
    ],
  },
);

export function toOrganizationAccount(
  organization: Organization,
  { createdAt, resultBytes }: { createdAt: string | null; resultBytes: number },
) {
  return {
    token: organizationToken(organization),
    id: String(organization.id),
    username: organization.username,
    name: organization.name,
    email: null,
    user: false as const,
    created_at: createdAt,
    ...toAccountFields(organization.name, resultBytes),
    _links: { self: { href: `/api/${organization.username}` }, ...accountLinks(organization) },
  };
}

export function toVerification(
  organization: Organization,
  scope: 'workspace' | 'member',
  token: string | undefined,
): Static<typeof Verification> {
  return {
    workspace: organization.username,
    workspace_token: organizationToken(organization),
    api_key_scope: scope,
    _links: {
      self: {
        href: token ? `/api/${organization.username}/api_keys/${token}` : '/api/verify',
      },
      account: { href: `/api/${organization.username}` },
    },
  };
}
