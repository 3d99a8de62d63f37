import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  links,
  ofOtherServers,
  oneOf,
  open,
  orNull,
  textOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Row } from '../inventory/lists.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';

const accessLevel = 'Access of members.';
const accessLevels = ['edit', 'restricted'] as const;

/** A space as the REST API shows it. */
export const Space = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    id: Type.String({ description: 'Number, as text.' }),
    space_type: textOrNull('`custom` for a shared space, `private` for a personal one.'),
    name: textOrNull('Name of the space.'),
    description: textOrNull('Description of the space.'),
    state: Type.Literal('active', {
      description: 'Always `active`: deleted spaces are not found.',
    }),
    restricted: Type.Boolean({ description: 'Whether it is a personal space.' }),
    free_default: Type.Literal(false, ofOtherServers),
    'viewable?': Type.Literal(true, {
      description: 'Always true: spaces that you cannot see are not found.',
    }),
    'viewed?': Type.Literal(false, {
      description: 'Always false: views of spaces are not recorded.',
    }),
    default_access_level: oneOf(
      accessLevels,
      `${accessLevel} \`edit\`: see it, and create and change reports; \`restricted\`: no access, except for its owner.`,
    ),
    _links: links({
      self: Link('This space.'),
      account: Link('Its organization.'),
      detail: Link('The same as `name`.'),
      web: Link('Its page.'),
      reports: Link('The reports in it.'),
      space_memberships: Link('An empty list.'),
      preview_space_memberships: Link('An empty list.'),
      search_space_permissions: Link('An empty list.'),
      creator: Type.Optional(
        Link('The member who created it. If unknown or removed, its owner or else an admin.'),
      ),
      owner: Type.Optional(
        Link(
          'Owner of the personal space; absent for a shared space, and for a personal space without an owner.',
        ),
      ),
    }),
  },
  {
    $id: 'Space',
    description: 'A space.',
    examples: [
      {
        token: 'acd5fc167d0g',
        id: '41',
        space_type: 'custom',
        name: 'Finance',
        description: 'What the finance team reports every week.',
        state: 'active',
        restricted: false,
        free_default: false,
        'viewable?': true,
        'viewed?': false,
        default_access_level: 'edit',
        _links: {
          self: { href: '/api/acme/spaces/acd5fc167d0g' },
          account: { href: '/api/acme' },
          detail: { href: '/api/acme/spaces/acd5fc167d0g/detail' },
          web: { href: '/acme/spaces/acd5fc167d0g' },
          reports: { href: '/api/acme/spaces/acd5fc167d0g/reports' },
          space_memberships: { href: '/api/acme/spaces/acd5fc167d0g/memberships' },
          preview_space_memberships: {
            href: '/api/acme/spaces/acd5fc167d0g/memberships/preview',
          },
          search_space_permissions: {
            href: '/api/acme/spaces/acd5fc167d0g/permissions/search',
          },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
        },
      },
    ],
  },
);
export type Space = Static<typeof Space>;

const name = Type.String({
  minLength: 1,
  maxLength: MAX_LENGTH.name,

  description: 'Name of the space.',
});
const description = textOrNull('Description of the space.', { maxLength: MAX_LENGTH.description });
const defaultAccessLevel = Type.Literal('edit', {
  description: `${accessLevel} Shared spaces have only one level.`,
});

/** What is sent to make a space. */
export const NewSpace = open(
  closed(
    {
      space: closed(
        {
          name,
          description: Type.Optional(description),
          space_type: Type.Optional(
            Type.Literal('custom', {
              description:
                'Shared. A personal space is created automatically when it is first needed.',
            }),
          ),
          default_access_level: Type.Optional(defaultAccessLevel),
        },
        { description: 'The space to create.' },
      ),
    },
    {
      $id: 'NewSpace',
      description: 'A space to create.',
      examples: [{ space: { name: 'Finance', description: 'What finance reports.' } }],
    },
  ),
);
export type NewSpace = Static<typeof NewSpace>;

/** What is sent to change a space. */
export const SpaceChange = open(
  closed(
    {
      space: closed(
        {
          name: Type.Optional(orNull(name, 'Name of the space; null only if it has none.')),
          description: Type.Optional(description),
          default_access_level: Type.Optional(
            oneOf(accessLevels, `${accessLevel} It cannot be changed.`),
          ),
          owner: Type.Optional(
            textOrNull(
              'Token of the membership of the new owner of a personal space, null for nobody. For admins.',
              { maxLength: MAX_LENGTH.name },
            ),
          ),
        },
        { description: 'The changes.' },
      ),
    },
    {
      $id: 'SpaceChange',
      description: 'Changes to a space.',
      examples: [{ space: { name: 'Finance and planning' } }],
    },
  ),
);
export type SpaceChange = Static<typeof SpaceChange>;

export const Spaces = halList('spaces', reference(Space));
export type Spaces = Static<typeof Spaces>;
export const spaceSchemas = [Space, NewSpace, SpaceChange];

/** @param people tokens of the memberships of who made the space, or stands in, and of whose it is. */
export function toSpace(
  organization: Organization,
  row: Row<'spaces'>,
  people: { creator: string | undefined; owner: string | undefined },
): Space {
  const account = `/api/${organization.username}`;
  const self = `${account}/spaces/${encodeURIComponent(row.token)}`;
  const isPrivate = row.space_type === 'private';
  const person = (token: string | undefined) =>
    token === undefined ? undefined : { href: memberPath(organization, token) };
  const creator = person(people.creator);
  const owner = isPrivate ? person(people.owner) : undefined;
  return {
    token: row.token,
    id: String(row.id),
    space_type: row.space_type,
    name: row.name,
    description: row.description,
    state: 'active',
    restricted: isPrivate,
    free_default: false,
    'viewable?': true,
    'viewed?': false,
    default_access_level: isPrivate ? 'restricted' : 'edit',
    _links: {
      self: { href: self },
      account: { href: account },
      detail: { href: `${self}/detail` },
      web: { href: `/${organization.username}/spaces/${encodeURIComponent(row.token)}` },
      reports: { href: `${self}/reports` },
      space_memberships: { href: `${self}/memberships` },
      preview_space_memberships: { href: `${self}/memberships/preview` },
      search_space_permissions: { href: `${self}/permissions/search` },
      ...(creator && { creator }),
      ...(owner && { owner }),
    },
  };
}
