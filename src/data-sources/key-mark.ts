import { hkdfSync } from 'node:crypto';
import type { Database, Store } from '../database/database.ts';
import { ApiError, UserError } from '../errors.ts';
import { type DataSourceOf, listAllDataSources } from './data-source-store.ts';
import { openSecrets } from './seal-secrets.ts';
import type { SecretKey } from './secret-key.ts';
import { findStoreMarks, keepStoreMark, type StoreMarks } from './store-mark-store.ts';

/** What to do where a machine has not the store's key. */
export const KEY_HINT =
  'Give it the key of the other servers and workers, with ROLLCALL_SECRET_KEY, ROLLCALL_SECRET_KEY_FILE or the file ' +
  'secret.key in its data folder. If that key is lost, run "rollcall adopt --key" and enter the passwords again.';

/** By what a key is known again; it says nothing of the key. */
export function fingerprintOf(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'rollcall secret key', 16)).toString('hex');
}

/**
 * The key with which a password is sealed, within a transaction: whichever is used first is the store's from then on.
 *
 * @throws ApiError busy where this machine has another than the store's, or none.
 */
export async function sealingKey(store: Store, secretKey: SecretKey): Promise<Buffer> {
  const { secret_key: known } = await findStoreMarks(store);
  const key = known === undefined ? secretKey.getOrMake() : secretKey.find();
  if (key) {
    const fingerprint = fingerprintOf(key);
    if ((known ?? (await keepStoreMark(store, 'secret_key', fingerprint))) === fingerprint) {
      return key;
    }
  }
  throw new ApiError(
    'busy',
    'This server does not have the secret key of the store, so it cannot store passwords.',
    'The administrator of the server can find the cause with "rollcall doctor".',
  );
}

/** What is wrong with the key of this machine, by the marks of the store; undefined where nothing is. */
export function findKeyFault(
  { secret_key: mark }: StoreMarks,
  secretKey: SecretKey,
): string | undefined {
  if (mark === undefined) return undefined;
  try {
    const key = secretKey.find();
    if (key === undefined) return missing(secretKey);
    return fingerprintOf(key) === mark ? undefined : wrong(secretKey);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/**
 * The same, where the store may hold passwords that were sealed before it had a mark: then whoever can open one has its
 * key. Changes nothing.
 */
export async function findOldKeyFault(
  store: Store,
  secretKey: SecretKey,
): Promise<string | undefined> {
  const marks = await findStoreMarks(store);
  if (marks.secret_key !== undefined) return findKeyFault(marks, secretKey);
  const sealed = (await listAllDataSources(store)).filter(isSealed);
  if (sealed.length === 0) return undefined;
  const key = secretKey.find(); // what is wrong with its file is thrown
  if (key === undefined) return missing(secretKey);
  return sealed.some((one) => opens(key, one)) ? undefined : wrong(secretKey);
}

/**
 * Makes sure that this machine has the key of the store, before it serves or runs anything.
 *
 * @throws UserError where it has another or none.
 */
export async function requireSecretKey(database: Database, secretKey: SecretKey): Promise<void> {
  const fault = await findOldKeyFault(database, secretKey);
  if (fault !== undefined) throw new UserError(`${fault}\n${KEY_HINT}`);
  const key = secretKey.find();
  if (key === undefined || (await findStoreMarks(database)).secret_key !== undefined) return;
  const isUsed = (await listAllDataSources(database)).some(isSealed);
  if (isUsed) await keepStoreMark(database, 'secret_key', fingerprintOf(key));
}

/** Whether a data source has a password that this key does not open. */
export function isLocked(key: Buffer, one: DataSourceOf): boolean {
  return isSealed(one) && !opens(key, one);
}

const isSealed = ({ source }: DataSourceOf) => source.sealedSecrets !== null;

function opens(key: Buffer, { organization, source }: DataSourceOf): boolean {
  const sealedFor = { organizationId: organization.id, dataSourceId: source.id };
  return openSecrets(key, sealedFor, source.sealedSecrets ?? '') !== undefined;
}

function missing({ place }: SecretKey): string {
  return `The passwords of data sources are encrypted, and the secret key is missing: there is none in ${place}.`;
}

function wrong({ place }: SecretKey): string {
  return `The passwords of data sources are encrypted with a secret key other than this one (${place}).`;
}
