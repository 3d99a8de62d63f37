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
      self: Link('The API token; for a session, this answer.'),
      account: Link('The organization.'),
    }),
  },
  {
    $id: 'Verification',
    description: 'What a credential is good for.',
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
      type: Type.Literal('initials', { description: 'Nobody has a picture.' }),
      initials: Type.String({ description: 'The first letters of the name.' }),
    },
    { description: 'What stands for it in lists.' },
  ),
  dataset_size_limit_mb: Type.String({ description: 'Datasets are of Mode: 0.' }),
  query_run_size_limit_mb: Type.String({ description: 'How large a result can be, in MB.' }),
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
    username: Type.String({ description: 'What stands for it in every path.' }),
    name: Type.String({ description: 'What people call it.' }),
    email: Type.Null({ description: 'An organization has no address.' }),
    user: Type.Literal(false, { description: 'No person; true for a member.' }),
    created_at: timeOrNull('When it was created.'),
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
