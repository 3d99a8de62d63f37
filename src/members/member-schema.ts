import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { accountLinkSchemas, accountLinks } from '../organizations/account-links.ts';
import type { Organization } from '../organizations/organization.ts';
import { accountFields, toAccountFields } from '../organizations/organization-schema.ts';
import type { ListedMember } from './listed-members.ts';

/** A member as a person: what the links `creator` and `user` lead to. */
export const Member = closed(
  {
    token: Type.String({ description: 'Token of the person.' }),
    id: Type.String({ description: 'Number, as text.' }),
    username: textOrNull('User name of the person.'),
    name: textOrNull('Display name of the person: the user name, because no other name is stored.'),
    email: textOrNull('Email address of the person.'),
    user: Type.Literal(true, {
      description: 'Always true for a person; false for an organization.',
    }),
    membership_type: Type.Union(
      [Type.Literal('admin'), Type.Literal('full'), Type.Literal('limited')],
      {
        description:
          '`admin`; `full` for every other member; `limited` for a member known from an import who has no account here.',
      },
    ),
    created_at: timeOrNull('Time when the person joined.'),
    ...accountFields,
    _links: links({
      self: Link('This person.'),
      account: Link('The organization.'),
      ...accountLinkSchemas,
    }),
  },
  {
    $id: 'Member',
    description: 'A member as a person.',
    examples: [
      toMember(
        { id: 4, username: 'acme', name: 'Acme' },
        {
          ...{ slot: 1, id: 12, token: '8d1f2b7c3a55', personToken: '5a2bcb42b9a8' },
          ...{ email: 'ana@example.com', username: 'ana', role: 'admin', state: 'active' },
          activatedAt: '2020-04-10T14:43:40Z',
        },
        256_000_000,
      ),
    ],
  },
);
export type Member = Static<typeof Member>;

/** That somebody belongs to the organization. */
export const Membership = closed(
  {
    token: Type.String({ description: 'Token of the membership.' }),
    admin: Type.Boolean({ description: 'Whether the member is an admin.' }),
    invited: Type.Literal(false, {
      description: 'Always false: invited people are members at once.',
    }),
    state: textOrNull('`active`, or another word if the member cannot sign in.'),
    member_username: textOrNull('User name of the person.'),
    member_token: Type.String({ description: 'Token of the person.' }),
    activated_at: timeOrNull('Time when the person joined.'),
    managed_by_scim: Type.Literal(false, {
      description: 'Always false: no other system adds members here.',
    }),
    _links: links({
      self: Link('This membership.'),
      account: Link('The organization.'),
      organization: Link('The same as `name`.'),
      user: Link('The person.'),
      groups: Link('An empty list.'),
      web_self: Link('The page with the members.'),
    }),
  },
  {
    $id: 'Membership',
    description: 'Membership of a person in the organization.',
    examples: [
      {
        token: '8d1f2b7c3a55',
        admin: true,
        invited: false,
        state: 'active',
        member_username: 'ana',
        member_token: '5a2bcb42b9a8',
        activated_at: '2020-04-10T14:43:40Z',
        managed_by_scim: false,
        _links: {
          self: { href: '/api/acme/memberships/8d1f2b7c3a55' },
          account: { href: '/api/acme' },
          organization: { href: '/api/acme' },
          user: { href: '/api/acme/members/8d1f2b7c3a55' },
          groups: { href: '/api/acme/groups' },
          web_self: { href: '/acme/settings/members' },
        },
      },
    ],
  },
);
export type Membership = Static<typeof Membership>;

const ShortMembership = closed({
  email: textOrNull('Email address of the person.'),
  name: textOrNull('Display name of the person.'),
  username: textOrNull('User name of the person.'),
  member_token: Type.String({ description: 'Token of the person.' }),
  state: textOrNull('`active`, or another word if the member cannot sign in.'),
  admin: Type.Boolean({ description: 'Whether the member is an admin.' }),
});

export const Memberships = halList('memberships', reference(Membership));
export type Memberships = Static<typeof Memberships>;
export const ShortMemberships = halList('memberships', ShortMembership);
export type ShortMemberships = Static<typeof ShortMemberships>;

export const memberSchemas = [Member, Membership];

/** Where a member is found as a person: what a link to who made something leads to. */
export function memberPath({ username }: Organization, token: string): string {
  return `/api/${username}/members/${encodeURIComponent(token)}`;
}

export function toMember(organization: Organization, member: ListedMember, resultBytes: number) {
  return {
    token: member.personToken ?? member.token,
    id: String(member.id),
    username: member.username,
    name: member.username,
    email: member.email,
    user: true as const,
    membership_type: membershipType(member),
    created_at: member.activatedAt,
    ...toAccountFields(member.username, resultBytes),
    _links: {
      self: { href: memberPath(organization, member.token) },
      account: { href: `/api/${organization.username}` },
      ...accountLinks(organization),
    },
  };
}

function membershipType({ role }: ListedMember): 'admin' | 'full' | 'limited' {
  if (role === null) return 'limited';
  return role === 'admin' ? 'admin' : 'full';
}

export function toMembership(organization: Organization, member: ListedMember): Membership {
  const account = `/api/${organization.username}`;
  return {
    token: member.token,
    admin: member.role === 'admin',
    invited: false,
    state: member.state,
    member_username: member.username,
    member_token: member.personToken ?? member.token,
    activated_at: member.activatedAt,
    managed_by_scim: false,
    _links: {
      self: { href: `${account}/memberships/${encodeURIComponent(member.token)}` },
      account: { href: account },
      organization: { href: account },
      user: { href: memberPath(organization, member.token) },
      groups: { href: `${account}/groups` },
      web_self: { href: `/${organization.username}/settings/members` },
    },
  };
}

export function toShortMembership(member: ListedMember): Static<typeof ShortMembership> {
  return {
    email: member.email,
    name: member.username,
    username: member.username,
    member_token: member.personToken ?? member.token,
    state: member.state,
    admin: member.role === 'admin',
  };
}
