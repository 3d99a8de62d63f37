import { UserError } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import type { DataSource } from './data-source.ts';
import { type Connection, kindOf } from './kinds.ts';
import { pathOfFiles } from './organization-files.ts';
import { QueryError } from './query-error.ts';
import { openSecrets, type SealedFor, type Secrets } from './seal-secrets.ts';
import type { SecretKey } from './secret-key.ts';

/** What it takes to connect: the key of the secrets, and where the organizations' files are. */
export type ConnectionParts = { secretKey: SecretKey; filesDir: string };

/**
 * How to connect to a data source, its secrets opened: only ever in memory.
 *
 * @throws QueryError connection_failed where its secrets or its files are not at hand.
 */
export function openConnection(
  organization: Organization,
  { id, adapter, options, sealedSecrets }: DataSource,
  { secretKey, filesDir }: ConnectionParts,
): Connection {
  const opened = { adapter, ...options } as Connection;
  const { pathOption } = kindOf(adapter);
  if (pathOption) {
    const path = pathOfFiles(filesDir, organization, String(options[pathOption]));
    return { ...opened, [pathOption]: path };
  }
  if (sealedSecrets === null) return opened;
  const sealedFor = { organizationId: organization.id, dataSourceId: id };
  const secrets = openWith(secretKey, sealedFor, sealedSecrets);
  if (secrets) return { ...opened, ...secrets };
  throw new QueryError({
    code: 'connection_failed',
    message:
      'The password of the data source cannot be decrypted: it was encrypted with another key than the server has now. ' +
      'Send the password again, or give the server its previous key.',
  });
}

function openWith(secretKey: SecretKey, sealedFor: SealedFor, sealed: string): Secrets | undefined {
  try {
    const key = secretKey.find();
    return key && openSecrets(key, sealedFor, sealed);
  } catch (error) {
    // What is wrong with the key's file is for whoever runs the server, who is told of it there.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
