import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresqlConnection } from './postgresql/connection-fields.ts';

/** TLS for a connection: undefined for none. The certificate has to be of the host's name, not of its address. */
export function tlsOptions(
  ssl: PostgresqlConnection['ssl'] = 'disable',
  host: string,
): ConnectionOptions | undefined {
  if (ssl === 'disable') return undefined;
  return {
    rejectUnauthorized: ssl === 'verify',
    ...(isIP(host) ? {} : { servername: host }),
  };
}
