import type { Access } from './space-access.ts';
import type { SpaceFilter } from './space-store.ts';

/**
 * Which spaces a value of `filter` lists, of those that the caller may see. Real servers take a word that they do not know
 * for none.
 */
export function spaceFilter(
  { isAdmin, memberSlot, ownSpace }: Access,
  filter: string | undefined,
): SpaceFilter {
  const own = { slot: ownSpace };
  switch (filter) {
    case 'all':
      return { personal: isAdmin ? 'all' : own };
    case 'custom':
      return { personal: 'none' };
    case 'mine':
      return { personal: own, madeBy: memberSlot };
    default:
      return { personal: own };
  }
}
