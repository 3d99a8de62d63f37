import type { AsOf } from '../database/commit-memo.ts';

/** How the stores stood when a request came; each is looked at once for it. */
export type Moment = {
  /** The store that holds the lists, and who may read them. */
  store: AsOf;
  /** The store that holds the crawls. */
  crawls: AsOf;
  /** Everything that a page depends on. */
  all: AsOf;
};
