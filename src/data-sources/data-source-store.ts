import type { Store } from '../database/database.ts';
import type { Organization } from '../organizations/organization.ts';
import type { DataSource } from './data-source.ts';

type StoredDataSource = Omit<DataSource, 'options'> & { options: string };

/** A data source, and whose it is. */
export type DataSourceOf = {
  organization: Pick<Organization, 'id' | 'username'>;
  source: DataSource;
};

const COLUMNS = `id, token, name, description, adapter, options, sealed_secrets as "sealedSecrets",
  creator_slot as "creatorSlot", created_at as "createdAt", updated_at as "updatedAt"`;

/** Every data source, oldest first. */
export async function listDataSources(store: Store, organizationId: number): Promise<DataSource[]> {
  const rows = await store.all<StoredDataSource>(
    `select ${COLUMNS} from data_sources where organization_id = ? order by id`,
    [organizationId],
  );
  return rows.map(toDataSource);
}

/** Every data source of every organization, for what looks after the machine. */
export async function listAllDataSources(store: Store): Promise<DataSourceOf[]> {
  const rows = await store.everywhere<
    StoredDataSource & { organizationId: number; username: string }
  >(
    (isOneOfThem) => `select ${COLUMNS}, organization_id as "organizationId",
       (select o.username from organizations o where o.id = data_sources.organization_id and ${isOneOfThem('o.id')}) as username
     from data_sources where ${isOneOfThem('organization_id')}`,
  );
  const inOrder = rows.toSorted((a, b) => a.organizationId - b.organizationId || a.id - b.id);
  return inOrder.map(({ organizationId, username, ...source }) => ({
    organization: { id: organizationId, username },
    source: toDataSource(source),
  }));
}

export async function findDataSource(
  store: Store,
  organizationId: number,
  column: 'id' | 'token' | 'name',
  value: string | number,
): Promise<DataSource | undefined> {
  const row = await store.get<StoredDataSource>(
    `select ${COLUMNS} from data_sources where organization_id = ? and ${column} = ?`,
    [organizationId, value],
  );
  return row && toDataSource(row);
}

/** @throws DuplicateError where the organization has one with this token or name. */
export async function insertDataSource(
  store: Store,
  organizationId: number,
  one: DataSource,
): Promise<void> {
  await store.run(
    `insert into data_sources (organization_id, id, token, name, description, adapter, options, sealed_secrets,
       creator_slot, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      organizationId,
      one.id,
      one.token,
      one.name,
      one.description,
      one.adapter,
      JSON.stringify(one.options),
      one.sealedSecrets,
      one.creatorSlot,
      one.createdAt,
      one.updatedAt,
    ],
  );
}

/** Gives a data source its new name, description, options and secrets. @throws DuplicateError as `insertDataSource` */
export async function updateDataSource(
  store: Store,
  organizationId: number,
  one: DataSource,
): Promise<void> {
  await store.run(
    `update data_sources set name = ?, description = ?, options = ?, sealed_secrets = ?, updated_at = ?
     where organization_id = ? and id = ?`,
    [
      one.name,
      one.description,
      JSON.stringify(one.options),
      one.sealedSecrets,
      one.updatedAt,
      organizationId,
      one.id,
    ],
  );
}

export async function deleteDataSource(
  store: Store,
  organizationId: number,
  id: number,
): Promise<void> {
  await store.run('delete from data_sources where organization_id = ? and id = ?', [
    organizationId,
    id,
  ]);
}

function toDataSource(row: StoredDataSource): DataSource {
  return { ...row, options: JSON.parse(row.options) };
}
