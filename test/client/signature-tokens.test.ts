import { expect, test } from 'vitest';
import { bearerOf, RollcallClient } from '../../src/client/index.ts';
import { answer, cut, startFaultProxy } from '../support/fault-proxy.ts';
import { openListening } from '../support/listening.ts';
import { makeBasic } from '../support/workplace.ts';

async function openAdmin() {
  const listening = await openListening();
  const proxy = await startFaultProxy(listening.url);
  const basic = await makeBasic(listening.database, listening.acme);
  const [token, secret] = Buffer.from(basic.slice(6), 'base64').toString().split(':');
  const apiToken = { token: token as string, secret: secret as string };
  const { url } = proxy;
  const admin = new RollcallClient({ url, organization: 'acme', apiToken, retryDelayMs: 1 });
  return { ...listening, proxy, admin };
}

test('a token is made, lists with it, and is refused once it is revoked', async () => {
  const { admin, url, time } = await openAdmin();
  const created = await admin.createSignatureToken({
    name: 'catalog',
    expiresAt: new Date(time.nowMs + 60_000),
  });
  expect(created).toMatchObject({ name: 'catalog', expires_at: '2026-11-23T12:01:00.000Z' });
  const reader = new RollcallClient({ url, organization: 'acme', bearer: bearerOf(created) });
  expect(await Array.fromAsync(reader.reports())).toEqual([]);
  const revoked = await admin.revokeSignatureToken(created.token);
  expect(revoked.token).toBe(created.token);
  await expect(Array.fromAsync(reader.reports())).rejects.toMatchObject({ status: 401 });
});

test('what the server refuses keeps its words', async () => {
  const { admin } = await openAdmin();
  const past = admin.createSignatureToken({ name: 'catalog', expiresAt: '2020-01-01T00:00Z' });
  await expect(past).rejects.toMatchObject({ id: 'bad_request', status: 400 });
  await expect(admin.revokeSignatureToken('no/such token')).rejects.toMatchObject({
    id: 'not_found',
    status: 404,
  });
});

test('making and revoking are never sent twice', async () => {
  const { admin, proxy } = await openAdmin();
  const newToken = { name: 'catalog', expiresAt: '2030-01-01T00:00Z' };
  proxy.fail(() => cut);
  await expect(admin.createSignatureToken(newToken)).rejects.toMatchObject({
    id: 'connection_failed',
  });
  proxy.fail(() => answer(503, { id: 'busy', message: 'Being repaired.' }));
  await expect(admin.createSignatureToken(newToken)).rejects.toMatchObject({ status: 503 });
  await expect(admin.revokeSignatureToken('abc')).rejects.toMatchObject({ status: 503 });
  expect(proxy.requests).toEqual([
    'POST /batch/acme/signature_tokens',
    'POST /batch/acme/signature_tokens',
    'DELETE /batch/acme/signature_tokens/abc',
  ]);
});
