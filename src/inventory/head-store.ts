import type { Store } from '../database/database.ts';

/** The head of an organization: counters that only grow, one for each kind of event. */
export type Head = {
  organizationId: number;
  /** The number of the last change of a row. */
  position: number;
  /** The number of the last requested run. */
  run: number;
  /** The number of the last saved draft. */
  draft: number;
  /** How often a credential was revoked or a member changed. */
  access: number;
};

/** The heads of the organizations that exist, in no order. */
export function listHeads(
  store: Pick<Store, 'everywhere'>,
  organizationIds: readonly number[],
): Promise<Head[]> {
  return store.everywhere<Head>(
    (
      isOneOfThem,
    ) => `select id as "organizationId", position, last_run_number as run, last_draft_number as draft,
       access_changes as access
     from organizations where ${isOneOfThem('id')}`,
    [],
    organizationIds,
  );
}
