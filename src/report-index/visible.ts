import type { Reach } from '../spaces/space-access.ts';

/** What a statement on the reports of a search file says of those that somebody may see: all that are not archived. */
export const VISIBLE = 'archived = 0 and (@everything or personal = 0 or space = @ownSpace)';

/** Its values. */
export type VisibleTo = { everything: number; ownSpace: number | null };

export function visibleTo(reach: Reach): VisibleTo {
  return {
    everything: Number(reach === 'all'),
    ownSpace: reach === 'all' ? null : (reach.ownSpace ?? null),
  };
}
