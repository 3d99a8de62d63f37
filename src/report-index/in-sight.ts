import type { Reach } from '../spaces/space-access.ts';

/** What a statement on the reports of a search file says of those that somebody may see: all that are not archived. */
export const IN_SIGHT = 'archived = 0 and (@everything or personal = 0 or space = @ownSpace)';

/** Its values. */
export type InSight = { everything: number; ownSpace: number | null };

export function inSightOf(reach: Reach): InSight {
  return {
    everything: Number(reach === 'all'),
    ownSpace: reach === 'all' ? null : (reach.ownSpace ?? null),
  };
}
