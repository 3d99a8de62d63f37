import type { Database } from '../database/database.ts';
import { IsolatedFailures } from '../isolated-failures.ts';
import { listOrganizationIds } from './organization-store.ts';

/**
 * Does something for one organization after the other. Where it fails for one, the others have their turn all the same, and
 * the first failure is thrown afterwards.
 *
 * @param isStopped asked before each organization: the rest then has no turn.
 */
export async function eachOrganization(
  database: Database,
  isStopped: () => boolean,
  work: (organizationId: number) => Promise<void>,
): Promise<void> {
  const turns = new IsolatedFailures();
  for (const id of await listOrganizationIds(database)) {
    if (isStopped()) break;
    await turns.do(id, () => work(id));
  }
  turns.end();
}
