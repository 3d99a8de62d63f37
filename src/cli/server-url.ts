import type { Config } from '../config.ts';

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

/** Where the pages of a server of this configuration are. */
export function originOf(config: Config): string {
  return config.publicUrl?.origin ?? localUrl(config);
}

/** The URL under which people and tools reach a server of this configuration. */
export function serverUrl(config: Config): string {
  return config.publicUrl?.href.replace(/\/$/, '') ?? localUrl(config);
}
