import { type Static, Type } from 'typebox';
import { DAY_MS, wireTime } from '../clock.ts';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Organization } from '../organizations/organization.ts';
import { KEEP_DELETED_DAYS } from './delete-report.ts';
import type { DeletedReport as Deleted } from './deleted-report-store.ts';

/** A report that was deleted and can be restored. */
export const DeletedReport = closed(
  {
    token: Type.String({
      description: 'Token of the report; restoring keeps it.',
    }),
    name: textOrNull('Name of the report.'),
    deleted_at: time('Time of the deletion.'),
    deleted_by_email: textOrNull(
      'Email address of the member who deleted it; null if there was none or the member was removed.',
    ),
    restorable_until: time('Time when it is deleted permanently.'),
    _links: links({ restore: Link('Restores it, by PATCH.') }),
  },
  {
    $id: 'DeletedReport',
    description: 'A deleted report that can be restored.',
    examples: [
      {
        token: 'bfe4fc361d9f',
        name: 'Weekly revenue',
        deleted_at: '2026-11-23T08:20:01.004Z',
        deleted_by_email: 'ana@example.com',
        restorable_until: '2026-12-23T08:20:01.004Z',
        _links: { restore: { href: '/api/acme/deleted_reports/bfe4fc361d9f/restore' } },
      },
    ],
  },
);

export const DeletedReports = halList('deleted_reports', reference(DeletedReport));
export type DeletedReports = Static<typeof DeletedReports>;

export function toDeletedReport(
  { username }: Organization,
  { token, name, deletedAt }: Deleted,
  deletedByEmail: string | null,
): Static<typeof DeletedReport> {
  return {
    token,
    name,
    deleted_at: deletedAt,
    deleted_by_email: deletedByEmail,
    restorable_until: wireTime(Date.parse(deletedAt) + KEEP_DELETED_DAYS * DAY_MS),
    _links: { restore: { href: `/api/${username}/deleted_reports/${token}/restore` } },
  };
}
