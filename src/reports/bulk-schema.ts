import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { MAX_LENGTH } from '../text.ts';
import type { BulkChange, BulkResult } from './change-in-bulk.ts';

const MOST_CHANGES = 500;

const shortText = (description: string) => Type.String({ maxLength: MAX_LENGTH.name, description });

const Change = closed({
  report: shortText('Token of the report.'),
  archived: Type.Optional(Type.Boolean({ description: 'Archives it, or unarchives it.' })),
  deleted: Type.Optional(Type.Boolean({ description: 'Deletes it, or restores it.' })),
  space_token: Type.Optional(shortText('Moves it to this space.')),
  owner_email: Type.Optional(
    textOrNull(
      'Reassigns it to the member with this address. An admin can also use an address that is not a member’s, or null for nobody.',
      {
        maxLength: MAX_LENGTH.email,
        pattern: '^[^\\s@\\u0000]+@[^\\s@\\u0000]+$',
      },
    ),
  ),
});

const changes = Type.Array(Change, {
  minItems: 1,
  maxItems: MOST_CHANGES,
  description: 'Changes, each with a report and one field.',
});

/** Changes of many reports. */
export const BulkChanges = closed(
  {
    bulk: closed({ changes }, { description: 'The changes.' }),
  },
  {
    $id: 'BulkChanges',
    description: 'Changes of many reports.',
    examples: [
      {
        bulk: {
          changes: [
            { report: 'bfe4fc361d9f', archived: true },
            { report: '0d6c1f4be7a2', space_token: 'acd5fc167d0g' },
          ],
        },
      },
    ],
  },
);
export type BulkChanges = Static<typeof BulkChanges>;

/** What became of each change. */
export const BulkResults = closed(
  {
    changed: Type.Integer({ description: 'Number of changes that were applied.' }),
    results: Type.Array(
      closed({
        report: Type.String({ description: 'Token of the report.' }),
        state: Type.Union(
          [Type.Literal('changed'), Type.Literal('unchanged'), Type.Literal('refused')],
          { description: '`unchanged` if there was nothing to change.' },
        ),
        error_id: textOrNull('Reason of the refusal, as in the error of a single change.'),
        error_message: textOrNull('Description of the action.'),
      }),
      { description: 'Outcomes, in the order of the changes.' },
    ),
    undo: orNull(
      reference(BulkChanges),
      'Request body that reverts the changes; null if there were none.',
    ),
  },
  {
    $id: 'BulkResults',
    description: 'Outcomes of changes of many reports.',
    examples: [
      {
        changed: 1,
        results: [
          { report: 'bfe4fc361d9f', state: 'changed', error_id: null, error_message: null },
          {
            report: '0d6c1f4be7a2',
            state: 'refused',
            error_id: 'not_found',
            error_message: 'report not found',
          },
        ],
        undo: { bulk: { changes: [{ report: 'bfe4fc361d9f', archived: false }] } },
      },
    ],
  },
);
export type BulkResults = Static<typeof BulkResults>;

export function toBulkResults(results: readonly BulkResult[]): BulkResults {
  const changed = results.filter((result) => result.state === 'changed');
  // Backwards, so that a report that was changed twice comes back to where it was first.
  const undo: BulkChange[] = changed.flatMap((result) => result.undo ?? []).toReversed();
  return {
    changed: changed.length,
    results: results.map((result) => {
      const refusal = result.state === 'refused' ? result.refusal : undefined;
      return {
        report: result.report,
        state: result.state,
        error_id: refusal?.id ?? null,
        error_message: refusal?.message ?? null,
      };
    }),
    undo: undo.length === 0 ? null : { bulk: { changes: undo } },
  };
}
