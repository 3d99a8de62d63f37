import type { BulkChanges } from '../../../src/reports/bulk-schema.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';

/** A report and one thing to change of it. */
export type Change = BulkChanges['bulk']['changes'][number];

export type Outcome = {
  changed: number;
  /** Why some were not changed, in the words of the first. */
  refused: { count: number; why: string } | undefined;
  /** What takes it back. */
  undo: Change[];
  /** What was not made, or is not known to be, and the failure of the request that stopped it. */
  left: { changes: readonly Change[]; failure: unknown } | undefined;
};

/** So many the server takes at once. */
const AT_ONCE = 500;

/** Changes many reports, as far as it is allowed. It never throws: what was changed can be taken back, whatever stopped the rest. */
export async function changeInBulk(
  organization: string,
  changes: readonly Change[],
): Promise<Outcome> {
  const outcome: Outcome = { changed: 0, refused: undefined, undo: [], left: undefined };
  for (let from = 0; from < changes.length; from += AT_ONCE) {
    try {
      const answer = await call('POST /api/:organization/reports/bulk', {
        params: { organization },
        body: { bulk: { changes: changes.slice(from, from + AT_ONCE) } },
      });
      outcome.changed += answer.changed;
      outcome.undo.unshift(...(answer.undo?.bulk.changes ?? []));
      const refused = answer.results.filter(({ state }) => state === 'refused');
      const count = (outcome.refused?.count ?? 0) + refused.length;
      const why = outcome.refused?.why ?? refused[0]?.error_message ?? '';
      if (count > 0) outcome.refused = { count, why };
    } catch (failure) {
      outcome.left = { changes: changes.slice(from), failure };
      break;
    }
  }
  // The page of a report that was just deleted is about to be left; there is nothing to read for it.
  const isDeletion = changes.some((change) => change.deleted === true);
  const kinds = ['roll-call', 'reports', ...(isDeletion ? [] : ['report'])];
  await Promise.all(
    kinds.map((kind) => queryClient.invalidateQueries({ queryKey: [kind, organization] })),
  );
  return outcome;
}
