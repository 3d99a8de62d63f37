import type { Store } from '../database/database.ts';

/** How an organization stands: numbers that only grow, one for each kind of thing that happens in it. */
export type Head = {
  organizationId: number;
  /** The last change of a row. */
  position: number;
  /** The last run that was asked for. */
  run: number;
  /** The last time that a draft was saved. */
  draft: number;
  /** The last time that a credential was taken away or a member changed. */
  access: number;
};

/** The heads of organizations, of those that there are; in no order. */
export function listHeads(
  store: Pick<Store, 'allEach'>,
  organizationIds: readonly number[],
): Promise<Head[]> {
  return store.allEach<Head>(
    `select id as "organizationId", position, last_run_number as run, last_draft_number as draft,
       access_changes as access
     from organizations where id = ?`,
    organizationIds.map((id) => [id]),
  );
}
