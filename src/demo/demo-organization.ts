import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { getOrCreateSource, listSources } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { createOrganization, findOrganization } from '../organizations/organization-store.ts';

export const DEMO_USERNAME = 'acme';

/** What tells the demo's acme from somebody's own, and one that is all there from one that is not yet. */
const DEMO = 'demo';
const WHOLE_DEMO = 'demo, whole';

/** The demo organization, made where there is no acme; undefined where acme is the user's own. */
export async function getOrMakeDemoOrganization(
  database: Database,
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<Organization | undefined> {
  return database.transaction(async (store) => {
    const found = await findOrganization(store, DEMO_USERNAME);
    if (found) {
      const sources = await listSources(store, found.id);
      return [...sources.values()].includes(DEMO) ? found : undefined;
    }
    const made = await createOrganization(store, {
      username: DEMO_USERNAME,
      name: 'Acme Corp',
      createdAt: wireTime(clock()),
      epoch: identifiers.token(),
    });
    await getOrCreateSource(store, made.id, DEMO);
    return made;
  });
}

/** Whether everything of the demo was made once; what people delete of it afterwards stays deleted. */
export async function isWholeDemo(database: Database, { id }: Organization): Promise<boolean> {
  const sources = await listSources(database, id);
  return [...sources.values()].includes(WHOLE_DEMO);
}

export async function setWholeDemo(database: Database, { id }: Organization): Promise<void> {
  await getOrCreateSource(database, id, WHOLE_DEMO);
}
