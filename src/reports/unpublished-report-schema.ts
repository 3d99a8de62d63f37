import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { withJson } from '../http/with-json.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';
import { ContentInput } from './content-schema.ts';
import type { UnpublishedReport as Stored } from './unpublished-report-store.ts';

const token = Type.String({ description: 'Token that the report gets when it is published.' });
const spaceToken = textOrNull(
  'Token of the space to publish it in; null for your personal space.',
  { maxLength: MAX_LENGTH.name },
);

const fields = {
  token,
  name: textOrNull('Name of the report.'),
  space_token: spaceToken,
  created_at: time('Creation time.'),
  saved_at: time('When it was last saved.'),
};
const ownLinks = links({
  self: Link('This report.'),
  publish: Link('Publishes it, by POST.'),
  web_edit: Link('Its page in the editor.'),
});

const example = {
  token: 'd1f0c8a57e32',
  name: 'Churn by plan',
  space_token: 'acd5fc167d0g',
  created_at: '2026-11-23T08:12:44.120Z',
  saved_at: '2026-11-23T08:20:01.004Z',
  _links: {
    self: { href: '/api/acme/unpublished_reports/d1f0c8a57e32' },
    publish: { href: '/api/acme/unpublished_reports/d1f0c8a57e32/publish' },
    web_edit: { href: '/acme/drafts/d1f0c8a57e32' },
  },
};
const exampleContent = { name: 'Churn by plan', description: null, queries: [] };

/** A report that was never published, as a list has it. */
export const UnpublishedReport = closed(
  { ...fields, _links: ownLinks },
  {
    $id: 'UnpublishedReport',
    description: 'A report that was never published, without its content.',
    examples: [example],
  },
);
export type UnpublishedReport = Static<typeof UnpublishedReport>;

/** A report that was never published, with what is in it. */
export const WholeUnpublishedReport = closed(
  { ...fields, content: ContentInput, _links: ownLinks },
  {
    $id: 'WholeUnpublishedReport',
    description: 'A report that was never published.',
    examples: [{ ...example, content: exampleContent }],
  },
);
export type WholeUnpublishedReport = Static<typeof WholeUnpublishedReport>;

const toSave = { space_token: Type.Optional(spaceToken), content: ContentInput };

/** What is sent to begin a report that is not published. */
export const NewUnpublishedReport = closed(
  {
    unpublished_report: closed(
      {
        token: Type.Optional(
          Type.String({
            pattern: '^[0-9a-f]{12}$',
            description:
              'Token of your choice, 12 hexadecimal digits; repeating the request then creates only one report.',
          }),
        ),
        ...toSave,
      },
      { description: 'The report.' },
    ),
  },
  {
    $id: 'NewUnpublishedReport',
    description: 'A report to write and publish later.',
    examples: [{ unpublished_report: { token: 'd1f0c8a57e32', content: exampleContent } }],
  },
);
export type NewUnpublishedReport = Static<typeof NewUnpublishedReport>;

/** What is sent to save a report that is not published. */
export const UnpublishedReportToSave = closed(
  { unpublished_report: closed(toSave, { description: 'The report.' }) },
  {
    $id: 'UnpublishedReportToSave',
    description: 'Content of an unpublished report.',
    examples: [{ unpublished_report: { space_token: null, content: exampleContent } }],
  },
);
export type UnpublishedReportToSave = Static<typeof UnpublishedReportToSave>;

/** What is sent to publish a new report: nothing, or another space. */
export const NewReportToPublish = closed(
  {
    report: Type.Optional(
      closed(
        { space_token: Type.Optional(spaceToken) },
        { description: 'What to change on publishing.' },
      ),
    ),
  },
  {
    $id: 'NewReportToPublish',
    description: 'Where to publish a report.',
    examples: [{ report: { space_token: 'acd5fc167d0g' } }],
  },
);
export type NewReportToPublish = Static<typeof NewReportToPublish>;

export const UnpublishedReports = halList('unpublished_reports', reference(UnpublishedReport));
export type UnpublishedReports = Static<typeof UnpublishedReports>;
export const unpublishedReportSchemas = [
  UnpublishedReport,
  WholeUnpublishedReport,
  NewUnpublishedReport,
  UnpublishedReportToSave,
  NewReportToPublish,
];

export function toUnpublishedReport(
  { username }: Organization,
  { token, name, spaceToken, createdAt, savedAt }: Omit<Stored, 'content'>,
): UnpublishedReport {
  const self = `/api/${username}/unpublished_reports/${token}`;
  return {
    token,
    name,
    space_token: spaceToken,
    created_at: createdAt,
    saved_at: savedAt,
    _links: {
      self: { href: self },
      publish: { href: `${self}/publish` },
      web_edit: { href: `/${username}/drafts/${token}` },
    },
  };
}

/** What is in it is JSON already. */
export function toWholeUnpublishedReport(organization: Organization, report: Stored): object {
  return withJson(toUnpublishedReport(organization, report), 'content', report.content);
}
