import type { Config } from '../config.ts';
import { baseUrlOf } from '../public-url.ts';

/** The URL under which a server of this configuration is reached from its own machine. */
export function localUrl({
  host,
  port,
  tlsCert,
}: Pick<Config, 'host' | 'port' | 'tlsCert'>): string {
  const everyNetwork = { '0.0.0.0': '127.0.0.1', '::': '::1' } as Record<string, string>;
  const address = everyNetwork[host] ?? host;
  const shown = address.includes(':') ? `[${address}]` : address;
  return `${tlsCert ? 'https' : 'http'}://${shown}:${port}`;
}

/** The URL under which people and tools reach a server of this configuration. */
export function serverUrl(config: Config): string {
  return config.publicUrl ? baseUrlOf(config.publicUrl) : localUrl(config);
}
