import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, Socket } from 'node:net';
import { QueryError } from '../query-error.ts';
import type { PrivateHosts } from '../query-job.ts';
import { connectionFailure } from './unreachable.ts';

type Networks = { ipv4: readonly string[]; ipv6: readonly string[] };
type Family = keyof Networks;

/** Networks that are not the internet: IANA's special-purpose registries, and what one cannot connect to. */
const privateNetworks = blocked({
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
});

/** Where no database is, but what a cloud tells its own machines, their credentials among it; and all that is link-local. */
const metadataNetworks = blocked({
  ipv4: [
    '169.254.0.0/16', // link-local; nearly every cloud has its metadata at 169.254.169.254
    '100.100.100.200/32', // Alibaba Cloud
    '168.63.129.16/32', // Azure
    '192.0.0.192/32', // Oracle Cloud
  ],
  ipv6: [
    'fe80::/10', // link-local
    'fd00:42::42/128', // Scaleway
    'fd00:c1::a9fe:a9fe/128', // Oracle Cloud
    'fd00:ec2::/32', // Amazon
    'fd20:ce::254/128', // Google Cloud
  ],
});
/** The same by name: wherever such a name leads, a cloud's proxy may know what is meant. */
const METADATA_NAMES =
  /^(metadata\.google\.internal|metadata\.goog|metadata|instance-data(\.ec2\.internal)?)$/;

/** One list for each family: a list takes an IPv4 address for one of `::ffff:0:0/96`, too. */
function blocked(networks: Networks): Record<Family, BlockList> {
  const listOf = (family: Family) => {
    const list = new BlockList();
    for (const network of networks[family]) {
      const [address = '', prefix] = network.split('/');
      list.addSubnet(address, Number(prefix), family);
    }
    return list;
  };
  return { ipv4: listOf('ipv4'), ipv6: listOf('ipv6') };
}

/**
 * The addresses of a host, of which none may be one where data sources may not be. It is resolved here, once: what is
 * connected to is what was checked, whatever the name means a moment later.
 *
 * @throws QueryError host_refused, or connection_failed where the host has no address.
 */
export async function addressesOf(host: string, hosts: PrivateHosts): Promise<LookupAddress[]> {
  if (hosts !== 'all' && METADATA_NAMES.test(host.toLowerCase().replace(/\.+$/, '')))
    throw refusedMetadata(host);
  const addresses = await lookup(host, { all: true }).catch((error) => {
    throw connectionFailure(error);
  });
  for (const { address, family } of addresses) {
    if (hosts !== 'all' && isIn(metadataNetworks, address, family)) throw refusedMetadata(host);
    if (hosts === 'refuse' && isIn(privateNetworks, address, family))
      throw new QueryError({
        code: 'host_refused',
        message: `The host ${host} is on a private network, which this server does not allow.`,
      });
  }
  return addresses;
}

function refusedMetadata(host: string): QueryError {
  return new QueryError({
    code: 'host_refused',
    message: `The host ${host} is a link-local or metadata address, which this server does not allow.`,
  });
}

/** Whether an address is in one of some networks, itself or as the IPv4 address that an IPv6 one leads to. */
function isIn(networks: Record<Family, BlockList>, address: string, family: number): boolean {
  if (family !== 6) return networks.ipv4.check(address, 'ipv4');
  const [plain = ''] = address.split('%');
  if (networks.ipv6.check(plain, 'ipv6')) return true;
  const inner = innerAddress(plain);
  return inner !== undefined && networks.ipv4.check(inner, 'ipv4');
}

/** The IPv4 address in an IPv6 one: mapped, compatible, translated (SIIT, NAT64) or of a tunnel (6to4). */
function innerAddress(address: string): string | undefined {
  // The form that URLs have is the shortest, without an IPv4 part.
  const groups = expand(new URL(`http://[${address}]`).hostname.slice(1, -1));
  const quad = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const isOf = (...first: number[]) => first.every((group, at) => groups[at] === group);
  if (isOf(0x2002)) return quad(groups[1], groups[2]);
  const isLast32Bits =
    isOf(0, 0, 0, 0, 0, 0) ||
    isOf(0, 0, 0, 0, 0, 0xffff) ||
    isOf(0, 0, 0, 0, 0xffff, 0) ||
    isOf(0x64, 0xff9b);
  return isLast32Bits ? quad(groups[6], groups[7]) : undefined;
}

function expand(address: string): number[] {
  const [start = '', end = ''] = address.split('::');
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [groupsOf(start), groupsOf(end)];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16));
}

/** A socket that connects to one of these addresses, the first that answers, whatever host it is told. */
export function socketTo(addresses: readonly LookupAddress[]): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const lookup = (_host: string, _options: object, done: Looked) => done(null, [...addresses]);
  // A name, so that it is looked up.
  socket.connect = ((port: number) => connect({ port, host: 'data-source', lookup })) as never;
  return socket;
}

type Looked = (error: Error | null, addresses: LookupAddress[]) => void;
