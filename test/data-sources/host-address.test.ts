import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/data-sources/engines/host-address.ts';
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
    const { code } = await failureOf(addressOf(host, false));
    // Some of these are no address to some systems.
    expect(['host_refused', 'connection_failed']).toContain(code);
  });

  test.each(['127.0.0.1', '10.0.0.1', '::1'])('the reason of %s is said', async (host) => {
    const { code, message } = await failureOf(addressOf(host, false));
    expect(code).toBe('host_refused');
    expect(message).toContain(`The host ${host} is on a private network`);
  });

  test.each(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s is not',
    async (host) => {
      expect(await addressOf(host, false)).toBe(host);
    },
  );
});

test('where they are not, a host is as it is', async () => {
  expect(await addressOf('localhost', true)).toBe('localhost');
});
