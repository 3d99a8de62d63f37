import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, orNull, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { withJson } from '../http/with-json.ts';
import type { ListedMember } from '../members/listed-members.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Draft as StoredDraft } from './draft-store.ts';

const baseVersion = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description:
    'Version of the report that the draft is based on; 0 for one that was never edited here.',
});
const version = Type.Integer({
  description:
    'Current version of the report; if it differs from `base_version`, someone has published since.',
});
const savedAt = time('Time when the draft was saved.');
const content = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'The report in the editor’s format: its name, description, queries and charts, or anything else that the editor stores.',
});
const ownLinks = links({ self: Link('The draft.'), report: Link('Its report.') });

const savedExample = {
  base_version: 3,
  version: 3,
  saved_at: '2026-11-23T08:12:44.120Z',
  _links: {
    self: { href: '/api/acme/reports/bfe4fc361d9f/draft' },
    report: { href: '/api/acme/reports/bfe4fc361d9f' },
  },
};

/** Your draft of a report. */
export const Draft = closed(
  {
    base_version: orNull(baseVersion, 'Version of the report that it is based on.'),
    version,
    saved_at: orNull(savedAt, 'Time when it was saved.'),
    content: orNull(content, 'The report in the editor’s format.'),
    _links: ownLinks,
  },
  {
    $id: 'Draft',
    description: 'Your draft of a report; all fields are null without one.',
    examples: [{ ...savedExample, content: { name: 'Weekly revenue', queries: [], charts: [] } }],
  },
);
export type Draft = Static<typeof Draft>;

/** That a draft is saved. */
export const SavedDraft = closed(
  { base_version: baseVersion, version, saved_at: savedAt, _links: ownLinks },
  { $id: 'SavedDraft', description: 'A saved draft.', examples: [savedExample] },
);
export type SavedDraft = Static<typeof SavedDraft>;

/** What is sent to save a draft. */
export const DraftToSave = closed(
  {
    draft: closed({ base_version: baseVersion, content }, { description: 'The draft.' }),
  },
  {
    $id: 'DraftToSave',
    description: 'A draft to save.',
    examples: [
      {
        draft: {
          base_version: 3,
          content: { name: 'Weekly revenue', queries: [], charts: [] },
        },
      },
    ],
  },
);
export type DraftToSave = Static<typeof DraftToSave>;

/** Somebody else who edits a report. */
export const Drafter = closed(
  {
    member_email: textOrNull('Email address of the member.'),
    member_username: textOrNull('User name of the member.'),
    base_version: baseVersion,
    saved_at: savedAt,
    _links: links({
      member: Type.Optional(Link('The member; absent if removed.')),
    }),
  },
  {
    $id: 'Drafter',
    description: 'Another member who edits a report.',
    examples: [
      {
        member_email: 'bo@example.com',
        member_username: 'bo',
        base_version: 3,
        saved_at: '2026-11-23T08:12:44.120Z',
        _links: { member: { href: '/api/acme/members/8d1f2b7c3a55' } },
      },
    ],
  },
);

export const Drafters = halList('drafts', reference(Drafter));
export type Drafters = Static<typeof Drafters>;
export const draftSchemas = [Draft, SavedDraft, DraftToSave, Drafter];

const linksOf = (report: string) => ({
  self: { href: `${report}/draft` },
  report: { href: report },
});

/** What is in it is JSON already. @param report path of the report. */
export function toDraft(report: string, draft: StoredDraft | undefined, version: number): object {
  const about: Omit<Draft, 'content'> = {
    base_version: draft?.baseVersion ?? null,
    version,
    saved_at: draft?.savedAt ?? null,
    _links: linksOf(report),
  };
  return withJson(about, 'content', draft?.content ?? 'null');
}

export function toSavedDraft(
  report: string,
  { baseVersion, savedAt }: StoredDraft,
  version: number,
): SavedDraft {
  return { base_version: baseVersion, version, saved_at: savedAt, _links: linksOf(report) };
}

/** @param member undefined for somebody who was removed. */
export function toDrafter(
  organization: Organization,
  { baseVersion, savedAt }: Omit<StoredDraft, 'content'>,
  member: ListedMember | undefined,
): Static<typeof Drafter> {
  return {
    member_email: member?.email ?? null,
    member_username: member?.username ?? null,
    base_version: baseVersion,
    saved_at: savedAt,
    _links: member ? { member: { href: memberPath(organization, member.token) } } : {},
  };
}
