import { isDeepStrictEqual } from 'node:util';
import { type Actor, type AuditAction, recordAudit } from '../audit/audit-log-store.ts';
import type { Caller } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { changedFields } from '../http/changed-fields.ts';
import type { Identifiers } from '../identifiers.ts';
import { changeOrganization, holdOrganization } from '../inventory/row-writer.ts';
import { checkOptions, type WireOptions, withWireOptions } from './connection-options.ts';
import { type ConnectionOptions, type DataSource, isSamePlace } from './data-source.ts';
import {
  deleteDataSource,
  findDataSource,
  insertDataSource,
  updateDataSource,
} from './data-source-store.ts';
import { sealingKey } from './key-mark.ts';
import type { Adapter } from './kinds.ts';
import { sealSecrets } from './seal-secrets.ts';
import type { SecretKey } from './secret-key.ts';

/** Who changes data sources, and what it takes besides. */
export type DataSourceChanger = {
  caller: Caller;
  actor: Actor;
  secretKey: SecretKey;
  clock: Clock;
  identifiers: Identifiers;
};

/** One data source and who changes it, unless `check` refuses the state in which it is now. */
type OneDataSource = DataSourceChanger & {
  token: string;
  check: (current: DataSource) => Promise<void>;
};

export type NewDataSourceFields = {
  name: string;
  description: string | null;
  adapter: Adapter;
  /** Undefined for one that is made up. */
  token: string | undefined;
  options: ConnectionOptions;
  password: string | undefined;
};

/** @throws ApiError conflict where the organization has one of this name or token. */
export async function createDataSource(
  database: Database,
  { password, token, ...given }: NewDataSourceFields,
  changer: DataSourceChanger,
): Promise<DataSource> {
  const { id: organizationId } = changer.caller.organization;
  checkOptions(given.adapter, withPassword(given.options, password));
  const now = wireTime(changer.clock());
  return changeOrganization(database, organizationId, async (store, writer) => {
    const one: DataSource = {
      ...given,
      id: writer.nextOwnId(),
      token: token ?? changer.identifiers.token(),
      sealedSecrets: null,
      creatorSlot: changer.caller.member?.slot ?? null,
      createdAt: now,
      updatedAt: now,
    };
    await requireFree(store, organizationId, 'name', one.name);
    await requireFree(store, organizationId, 'token', one.token);
    const sealed = { ...one, sealedSecrets: await seal(store, changer, one, password) };
    await insertDataSource(store, organizationId, sealed);
    await audit(store, changer, 'data_source.created', sealed);
    return sealed;
  });
}

/**
 * Changes what is given. A password is kept only for the server that it was given for: where the data source leads to
 * another one from now on, it has to be given again.
 *
 * @throws ApiError conflict where another data source has the name.
 */
export async function changeDataSource(
  database: Database,
  {
    options,
    password,
    ...given
  }: {
    name?: string;
    description?: string | null;
    options: WireOptions;
    /** Undefined where it is not spoken of, null for none. */
    password: string | null | undefined;
  },
  one: OneDataSource,
): Promise<DataSource> {
  return withDataSource(database, one, async (store, organizationId, current) => {
    const changed: DataSource = {
      ...current,
      ...given,
      options: withWireOptions(current.options, options),
    };
    if (password === undefined && isDeepStrictEqual(changed, current)) return current;
    changed.updatedAt = wireTime(one.clock());
    checkOptions(current.adapter, withPassword(changed.options, password ?? undefined));
    if (changed.name !== current.name) {
      await requireFree(store, organizationId, 'name', changed.name);
    }
    if (password !== undefined) {
      changed.sealedSecrets = await seal(store, one, current, password ?? undefined);
    } else if (!isSamePlace(current.options, changed.options)) changed.sealedSecrets = null;
    await updateDataSource(store, organizationId, changed);
    await audit(store, one, 'data_source.changed', changed, {
      ...changedFields(given, current),
      ...changedFields(changed.options, current.options),
      ...(current.sealedSecrets === changed.sealedSecrets ? {} : { password: 'changed' }),
    });
    return changed;
  });
}

/** Queries that run on it stay as they are; they run again once there is a data source of the same token. */
export async function removeDataSource(database: Database, one: OneDataSource): Promise<void> {
  await withDataSource(database, one, async (store, organizationId, current) => {
    await deleteDataSource(store, organizationId, current.id);
    await audit(store, one, 'data_source.deleted', current);
  });
}

/** @throws ApiError not_found */
export async function getDataSource(
  store: Store,
  organizationId: number,
  token: string,
): Promise<DataSource> {
  const found = await findDataSource(store, organizationId, 'token', token);
  if (found) return found;
  throw new ApiError(
    'not_found',
    'data source not found',
    'It may have been deleted. List the data sources.',
  );
}

/** Does something with a data source that nobody else changes meanwhile. */
async function withDataSource<Result>(
  database: Database,
  { caller, token, check }: OneDataSource,
  work: (store: Store, organizationId: number, current: DataSource) => Promise<Result>,
): Promise<Result> {
  const { id: organizationId } = caller.organization;
  return database.transaction(async (store) => {
    await holdOrganization(store, organizationId);
    const current = await getDataSource(store, organizationId, token);
    await check(current);
    return work(store, organizationId, current);
  });
}

/** The options with the password among them, for the check whether the adapter takes one. */
function withPassword(options: ConnectionOptions, password: string | undefined): ConnectionOptions {
  return password === undefined ? options : { ...options, password };
}

async function seal(
  store: Store,
  { caller, secretKey, identifiers }: DataSourceChanger,
  { id }: DataSource,
  password: string | undefined,
): Promise<string | null> {
  if (password === undefined) return null;
  const sealedFor = { organizationId: caller.organization.id, dataSourceId: id };
  return sealSecrets(await sealingKey(store, secretKey), sealedFor, { password }, identifiers);
}

async function requireFree(
  store: Store,
  organizationId: number,
  column: 'name' | 'token',
  value: string,
): Promise<void> {
  if ((await findDataSource(store, organizationId, column, value)) === undefined) return;
  throw new ApiError(
    'conflict',
    `A data source with the ${column} ${quoted(value)} exists already.`,
  );
}

async function audit(
  store: Store,
  { caller, actor, clock }: DataSourceChanger,
  action: AuditAction,
  { token, name }: DataSource,
  detail?: object,
): Promise<void> {
  await recordAudit(store, caller.organization.id, {
    at: wireTime(clock()),
    actor,
    action,
    subject: { kind: 'data_source', token, name },
    ...(detail && { detail }),
  });
}
