import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { ListedMember } from '../members/listed-members.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import type { ReportView } from './view-store.ts';

/** How a member reads a report. */
export const ReportReader = closed(
  {
    member_email: textOrNull('Email address of the member; null if removed.'),
    member_username: textOrNull('User name of the member.'),
    view_count: Type.Integer({ description: 'Number of visits of the member to the report.' }),
    last_viewed_at: time('Time of the last visit.'),
    _links: links({
      member: Type.Optional(Link('The member; absent if removed.')),
    }),
  },
  {
    $id: 'ReportReader',
    description: 'Views of a report by a member.',
    examples: [
      {
        member_email: 'ana@example.com',
        member_username: 'ana',
        view_count: 12,
        last_viewed_at: '2026-11-23T08:12:44.120Z',
        _links: { member: { href: '/api/acme/members/8d1f2b7c3a55' } },
      },
    ],
  },
);

export const ReportReaders = halList('views', reference(ReportReader));

/** @param member undefined for somebody who was removed. */
export function toReportReader(
  organization: Organization,
  { views, lastViewedAt }: ReportView,
  member: ListedMember | undefined,
): Static<typeof ReportReader> {
  return {
    member_email: member?.email ?? null,
    member_username: member?.username ?? null,
    view_count: views,
    last_viewed_at: lastViewedAt,
    _links: member ? { member: { href: memberPath(organization, member.token) } } : {},
  };
}
