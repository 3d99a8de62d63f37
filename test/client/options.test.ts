import { describe, expect, test } from 'vitest';
import { RollcallClient } from '../../src/client/index.ts';
import { parseRetryAfter, retryDelay } from '../../src/client/retry.ts';

describe('options that cannot be used', () => {
  const valid = { url: 'http://127.0.0.1:1', organization: 'acme', bearer: 'YTpiOmM=' };
  test.each([
    ['a url without a scheme', { url: 'rollcall.example.com' }],
    ['a url of another scheme', { url: 'ftp://rollcall.example.com' }],
    ['a url with a password', { url: 'http://user:hunter2@127.0.0.1:1' }],
    ['a bearer that is another scheme', { bearer: 'Basic hunter2' }],
    ['a bearer that is not Base64', { bearer: 'id:key:hunter2' }],
    ['a bearer of two lines', { bearer: 'hunter2\nhunter2' }],
  ])('%s is refused at once, without showing a secret', (_, options) => {
    expect(() => new RollcallClient({ ...valid, ...options })).toThrowError(
      expect.objectContaining({
        id: 'invalid_option',
        message: expect.not.stringContaining('hunter2'),
      }),
    );
  });

  test('a call without the credential that it needs says which', async () => {
    const { url, organization } = valid;
    const client = new RollcallClient({ url, organization });
    await expect(client.reports().next()).rejects.toMatchObject({ id: 'invalid_option' });
    await expect(client.revokeSignatureToken('x')).rejects.toThrow('The client has no apiToken');
  });
});

describe('the wait before a retry', () => {
  const policy = { retries: 5, retryDelayMs: 100, maxRetryDelayMs: 1000 };

  test('doubles, with its later half left to chance', () => {
    const least = [1, 2, 3, 4, 5].map((retry) => retryDelay(policy, retry, undefined, () => 0));
    const most = [1, 2, 3, 4, 5].map((retry) => retryDelay(policy, retry, undefined, () => 1));
    expect(least).toEqual([50, 100, 200, 400, 800]);
    expect(most).toEqual([100, 200, 400, 800, 1000]);
  });

  test('is what the server asks for where that is longer, up to the longest', () => {
    expect(retryDelay(policy, 1, 500, () => 0)).toBe(500);
    expect(retryDelay(policy, 1, 10, () => 0)).toBe(50);
    expect(retryDelay(policy, 1, 60_000, () => 0)).toBe(1000);
  });

  test('is read from Retry-After in either form', () => {
    const nowMs = Date.parse('2026-11-23T12:00:00Z');
    expect(parseRetryAfter('120', nowMs)).toBe(120_000);
    expect(parseRetryAfter('Mon, 23 Nov 2026 12:00:30 GMT', nowMs)).toBe(30_000);
    expect(parseRetryAfter('Mon, 23 Nov 2026 11:00:00 GMT', nowMs)).toBe(0);
    expect(parseRetryAfter('soon', nowMs)).toBeUndefined();
    expect(parseRetryAfter(null, nowMs)).toBeUndefined();
  });
});
