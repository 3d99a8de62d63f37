import type { Caller } from '../callers/authenticate.ts';
import type { Store } from '../database/database.ts';
import { listFavorites } from '../favorites/favorite-store.ts';
import { findMemberBySlot } from '../members/member-store.ts';
import type { ReportQuestion } from '../report-index/report-question.ts';
import { listLastViewed } from '../views/view-store.ts';
import { type Asked, MAX_LAST_VIEWED } from './read-question.ts';

/** What a question about reports means for its caller, and the slots of the caller's favorites. */
type Own = {
  question: Pick<ReportQuestion, 'among' | 'creators'>;
  favorites: ReadonlySet<number>;
};

/** The caller, among addresses; none is written so. */
const ME = 'me';

/** A credential that belongs to no member has no favorites, has opened nothing and owns nothing. */
export async function readOwn(
  store: Store,
  { organization: { id }, member }: Caller,
  { isFavorite, isRecentlyViewed, creators }: Asked,
): Promise<Own> {
  const favorites = new Set(member ? await listFavorites(store, id, member.slot) : []);
  const viewed =
    member && isRecentlyViewed
      ? await listLastViewed(store, id, member.slot, MAX_LAST_VIEWED)
      : isRecentlyViewed && [];
  const self =
    member && creators?.includes(ME) ? await findMemberBySlot(store, id, member.slot) : undefined;
  return {
    question: {
      among: isFavorite
        ? (viewed || [...favorites]).filter((slot) => favorites.has(slot))
        : viewed || undefined,
      creators: creators?.map((address) =>
        address === ME && self ? self.email.toLowerCase() : address,
      ),
    },
    favorites,
  };
}
