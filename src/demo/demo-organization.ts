import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { listSources } from '../discovery/row-store.ts';
import { makeBatch } from '../generate/batch.ts';
import { makeCompany } from '../generate/company.ts';
import { writeBatch } from '../generate/write-batch.ts';
import { randomIdentifiers } from '../identifiers.ts';
import type { Organization } from '../organizations/organization.ts';
import { createOrganization, findOrganization } from '../organizations/organization-store.ts';

export const DEMO_USERNAME = 'acme';

/** What the demo's rows are remembered to come from; an acme without it is somebody's own. */
const SOURCE = 'demo';
const REPORTS = 300;
const SEED = 1;

/** The demo organization, made with its reports where there is no acme; undefined where acme is the user's own. */
export async function getOrMakeDemoOrganization(
  database: Database,
  clock: Clock,
): Promise<Organization | undefined> {
  return database.transaction(async (queries) => {
    const found = await findOrganization(queries, DEMO_USERNAME);
    if (found) {
      const sources = await listSources(queries, found.id);
      return [...sources.values()].includes(SOURCE) ? found : undefined;
    }
    const nowMs = clock();
    const made = await createOrganization(queries, {
      username: DEMO_USERNAME,
      name: 'Acme Corp',
      createdAt: wireTime(nowMs),
      epoch: randomIdentifiers.token(),
    });
    const company = makeCompany({ seed: SEED, organization: DEMO_USERNAME, untilMs: nowMs });
    await writeBatch(queries, made, SOURCE, makeBatch(company, 0, REPORTS));
    return made;
  });
}
