import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Identifiers } from '../identifiers.ts';

/** Secret options of a connection, by name. */
export type Secrets = Record<string, string>;

/** Whose secrets they are. What is sealed for one is opened for no other. */
export type SealedFor = { organizationId: number; dataSourceId: number };

/** Whatever is sealed begins with what it was sealed by. */
const FORMAT = 'aes-256-gcm.1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Makes secrets unreadable to whoever has the store and not the key. */
export function sealSecrets(
  key: Buffer,
  sealedFor: SealedFor,
  secrets: Secrets,
  identifiers: Identifiers,
): string {
  const nonce = Buffer.from(identifiers.longSecret(), 'hex').subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(sealedFor));
  const sealed = [nonce, cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()];
  return `${FORMAT}:${Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64')}`;
}

/** What was sealed; undefined where it was sealed with another key or for another data source, or was changed since. */
export function openSecrets(
  key: Buffer,
  sealedFor: SealedFor,
  sealed: string,
): Secrets | undefined {
  const [format, base64 = ''] = sealed.split(':');
  const bytes = Buffer.from(base64, 'base64');
  if (format !== FORMAT || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(sealedFor));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const opened = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return JSON.parse(Buffer.concat(opened).toString());
  } catch {
    return undefined;
  }
}

function boundTo({ organizationId, dataSourceId }: SealedFor): Buffer {
  return Buffer.from(`${organizationId}/${dataSourceId}`);
}
