import type { Queries } from '../database/database.ts';
import { findListedMembers } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import type { DataSource } from './data-source.ts';
import { type DataSourceShown, toDataSource } from './data-source-schema.ts';

/** Data sources as the REST API shows them, with who made them. */
export async function showDataSources(
  queries: Queries,
  organization: Organization,
  dataSources: readonly DataSource[],
): Promise<DataSourceShown[]> {
  const slots = dataSources.flatMap(({ creatorSlot }) => creatorSlot ?? []);
  const members = await findListedMembers(queries, organization.id, [...new Set(slots)]);
  const tokens = new Map(members.map(({ slot, token }) => [slot, token]));
  return dataSources.map((one) =>
    toDataSource(organization, one, tokens.get(one.creatorSlot ?? Number.NaN)),
  );
}
