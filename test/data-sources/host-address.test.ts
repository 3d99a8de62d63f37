import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addressesOf, socketTo } from '../../src/data-sources/engines/host-address.ts';
import { failureOf } from '../support/query-runs.ts';

describe('where private networks are refused', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    'localhost',
    'localhost.',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::',
    'fd00::1',
  ])('%s is', async (host) => {
    const { code } = await failureOf(addressesOf(host, 'refuse'));
    // Some of these are no address to some systems.
    expect(['host_refused', 'connection_failed']).toContain(code);
  });

  test.each(['127.0.0.1', '10.0.0.1', '::1'])('the reason of %s is said', async (host) => {
    const { code, message } = await failureOf(addressesOf(host, 'refuse'));
    expect(code).toBe('host_refused');
    expect(message).toContain(`The host ${host} is on a private network`);
  });

  test.each(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s is not',
    async (host) => {
      expect(await addressesOf(host, 'refuse')).toMatchObject([{ address: host }]);
    },
  );
});

describe('where they are allowed', () => {
  /** The service at 169.254.169.254, which tells whoever asks the credentials of the machine, and all its spellings. */
  test.each([
    '169.254.169.254',
    '169.254.170.2',
    '169.254.43518',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '0xa9.0xfe.0xa9.0xfe',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:FFFF:A9FE:A9FE',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'fe80::a9fe:a9fe%lo',
    'febf::1',
    'fd00:ec2::254',
    'fd00:ec2:0:0::254',
    'fd20:ce::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'instance-data',
  ])('data sources got at what a cloud tells its machines: %s', async (host) => {
    const { code, message } = await failureOf(addressesOf(host, 'allow'));
    // Some of these are no address to some systems.
    expect(['host_refused', 'connection_failed']).toContain(code);
    if (code === 'host_refused') expect(message).toContain('link-local or metadata address');
    expect((await failureOf(addressesOf(host, 'refuse'))).code).toBe(code);
  });

  test.each(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', 'fd00:ec2::254'])(
    'they may at %s only where the server says so',
    async (host) => {
      expect((await failureOf(addressesOf(host, 'allow'))).code).toBe('host_refused');
      expect(await addressesOf(host, 'all')).toHaveLength(1);
    },
  );

  test.each([
    '127.0.0.1',
    '10.0.0.1',
    '::1',
    'fd00::1',
    '100.64.0.1',
    '192.168.0.1',
    '169.253.0.1',
  ])('%s is', async (host) => {
    expect(await addressesOf(host, 'allow')).toMatchObject([{ address: host }]);
  });
});

test('what was checked is what is connected to, whatever the name means a moment later', async () => {
  const server = createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // The first one does not answer, as that of a name with two families may not.
  const addresses = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const socket = socketTo(addresses);
  socket.connect(port, 'changed.its.mind.invalid');
  const [said] = (await once(socket, 'data')) as [Buffer];
  expect(said.toString()).toBe('here');
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
  server.close();
});
