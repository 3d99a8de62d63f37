import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { QueryError } from '../query-error.ts';

/** Networks that are not the internet: IANA's special-purpose registries, and what one cannot connect to. */
const privateNetworks = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ],
  ipv6: [
    '::/3', // among them ::1, IPv4 addresses in IPv6, and 64:ff9b::/96 that leads to them
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    '4000::/2',
    '8000::/1', // among them fc00::/7, fe80::/10 and ff00::/8
  ],
} as const;
type Family = keyof typeof privateNetworks;

/** One list for each family: a list takes an IPv4 address for one of `::ffff:0:0/96`, too. */
const blocked = { ipv4: blockListOf('ipv4'), ipv6: blockListOf('ipv6') };

function blockListOf(family: Family): BlockList {
  const list = new BlockList();
  for (const network of privateNetworks[family]) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/**
 * The address to connect to for a host. Where private networks are not allowed, it is resolved here, once, and every
 * address it has must be public: what is connected to is what was checked, whatever the name means a moment later.
 */
export async function addressOf(host: string, allowPrivateHosts: boolean): Promise<string> {
  if (allowPrivateHosts) return host;
  const addresses = await lookup(host, { all: true }).catch((error) => {
    throw new QueryError({ code: 'connection_failed', message: error.message });
  });
  for (const { address, family } of addresses) {
    const list: Family = family === 6 ? 'ipv6' : 'ipv4';
    if (blocked[list].check(address, list))
      throw new QueryError({
        code: 'host_refused',
        message: `The host ${host} is on a private network, which data sources may not be on here.`,
      });
  }
  return addresses[0]?.address as string;
}
