import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { MAX_LENGTH } from '../text.ts';
import type { BulkChange, BulkResult } from './change-in-bulk.ts';

const MOST_CHANGES = 500;

const shortText = (description: string) => Type.String({ maxLength: MAX_LENGTH.name, description });

const Change = closed({
  report: shortText('Token of the report.'),
  archived: Type.Optional(
    Type.Boolean({ description: 'Puts it into the archive, or takes it out.' }),
  ),
  deleted: Type.Optional(
    Type.Boolean({ description: 'Deletes it, or restores what was deleted.' }),
  ),
  space_token: Type.Optional(shortText('Moves it to this space.')),
  owner_email: Type.Optional(
    textOrNull(
      'Makes it the report of the member with this address. An admin may name somebody who is no member, or nobody with null.',
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
  description: 'Each names a report and one thing to change of it.',
});

/** Changes of many reports. */
export const BulkChanges = closed(
  {
    bulk: closed({ changes }, { description: 'What to change.' }),
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
    changed: Type.Integer({ description: 'How many changes were made.' }),
    results: Type.Array(
      closed({
        report: Type.String({ description: 'Token of the report.' }),
        state: Type.Union(
          [Type.Literal('changed'), Type.Literal('unchanged'), Type.Literal('refused')],
          { description: '`unchanged` where it was so already.' },
        ),
        error_id: textOrNull('Why it was refused, as the error of a single change has it.'),
        error_message: textOrNull('The same in words.'),
      }),
      { description: 'One for each change, in their order.' },
    ),
    undo: orNull(
      reference(BulkChanges),
      'What to send to take back what was changed; null where nothing was.',
    ),
  },
  {
    $id: 'BulkResults',
    description: 'What became of each change.',
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
