import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';
import type { Organization } from './organization.ts';

const answersWithinDays = Type.Integer({
  minimum: 1,
  maximum: 3650,
  description:
    'Number of days for which a successful run of a report without a schedule is recent.',
});

/** What an organization can choose. */
export const OrganizationSettings = closed(
  {
    answers_within_days: answersWithinDays,
    _links: links({ self: Link('These settings.'), account: Link('The organization.') }),
  },
  {
    $id: 'OrganizationSettings',
    description: 'Settings of the organization.',
    examples: [
      {
        answers_within_days: 30,
        _links: { self: { href: '/api/acme/settings' }, account: { href: '/api/acme' } },
      },
    ],
  },
);
export type OrganizationSettings = Static<typeof OrganizationSettings>;

/** What is sent to change the settings. */
export const SettingsChange = closed(
  {
    settings: closed(
      { answers_within_days: Type.Optional(answersWithinDays) },
      { description: 'The changes.' },
    ),
  },
  {
    $id: 'SettingsChange',
    description: 'Changes to the settings.',
    examples: [{ settings: { answers_within_days: 14 } }],
  },
);
export type SettingsChange = Static<typeof SettingsChange>;

export function toSettings({ username }: Organization, days: number): OrganizationSettings {
  const account = `/api/${username}`;
  return {
    answers_within_days: days,
    _links: { self: { href: `${account}/settings` }, account: { href: account } },
  };
}
