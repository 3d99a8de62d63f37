import { expect, test } from 'vitest';
import { signIn } from '../support/pages.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openWithAnaAndBo() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  const bo = await signIn(workplace, acme, { email: 'bo@acme.example', role: 'member' });
  return { ...workplace, acme, ana, bo };
}

const url = '/api/acme/api_tokens';
const named = (name: string, expires_at?: string) => ({
  method: 'POST' as const,
  url,
  payload: { name, ...(expires_at ? { expires_at } : {}) },
});

test('a member makes an API token, calls with it, and sees when it was last used', async () => {
  const { bo, get, time } = await openWithAnaAndBo();
  const made = (await bo.browse(named('nightly export', '2027-01-01T00:00Z'))).json();
  expect(made).toMatchObject({
    name: 'nightly export',
    member: 'bo@acme.example',
    expires_at: '2027-01-01T00:00:00.000Z',
    last_used_at: null,
  });
  const basic = `Basic ${Buffer.from(`${made.token}:${made.secret}`).toString('base64')}`;
  expect(made.authorization).toBe(basic);
  expect((await get(url, basic)).statusCode).toBe(200);
  const usedAt = new Date(time.nowMs).toISOString();
  time.nowMs += 59_000;
  await get(url, basic);
  const list = async () => (await bo.browse({ url })).json().tokens;
  await expect.poll(list).toMatchObject([{ token: made.token, last_used_at: usedAt }]);
  expect((await list())[0]).not.toHaveProperty('secret');
});

test('a member sees and revokes own tokens only, an admin everybody’s', async () => {
  const { ana, bo, get } = await openWithAnaAndBo();
  const ofAna = (await ana.browse(named('of ana'))).json();
  const ofBo = (await bo.browse(named('of bo'))).json();
  const names = async (who: typeof ana) =>
    (await who.browse({ url })).json().tokens.map(({ name }: { name: string }) => name);
  expect(await names(bo)).toEqual(['of bo']);
  expect((await names(ana)).toSorted()).toEqual(['of ana', 'of bo']);
  const revoke = (who: typeof ana, { token }: { token: string }) =>
    who.browse({ method: 'DELETE', url: `${url}/${token}` });
  expect((await revoke(bo, ofAna)).statusCode).toBe(404);
  expect((await revoke(ana, ofBo)).json().tokens).toHaveLength(1);
  expect((await get(url, ofBo.authorization)).statusCode).toBe(401);
  expect((await get(url, ofAna.authorization)).statusCode).toBe(200);
});

test('an admin has the signature tokens, which list the inventory', async () => {
  const { ana, bo, get } = await openWithAnaAndBo();
  const signature = '/api/acme/signature_tokens';
  const request = { ...named('catalog'), url: signature };
  expect((await bo.browse(request)).statusCode).toBe(403);
  const made = (await ana.browse(request)).json();
  expect((await get('/batch/acme/reports', made.authorization)).statusCode).toBe(200);
  const shown = (await ana.browse({ url: '/batch/acme/signature_tokens' })).json();
  expect(shown.signature_tokens).toMatchObject([{ token: made.token, name: 'catalog' }]);
  const left = await ana.browse({ method: 'DELETE', url: `${signature}/${made.token}` });
  expect(left.json()).toEqual({ tokens: [] });
  expect((await get('/batch/acme/reports', made.authorization)).statusCode).toBe(401);
});

test.each([
  [{ name: 'abc' }, 'name'],
  [{ name: 'four\u0000' }, 'name'],
  [{ name: 'good name', expires_at: 'tomorrow' }, 'expires_at'],
  [{ name: 'good name', expires_at: '2020-01-01T00:00Z' }, 'expires_at'],
  [{ name: 'good name', kind: 'api' }, 'kind'],
  [{}, 'name'],
])('%j is refused by the name of the field', async (payload, field) => {
  const { bo } = await openWithAnaAndBo();
  const answer = await bo.browse({ method: 'POST', url, payload });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().message).toContain(field);
});

test('an API token makes and lists tokens as the session of its member does', async () => {
  const { acme, database, send, get } = await openWithAnaAndBo();
  const authorization = await makeBasic(database, acme, 'member', 'bo@acme.example');
  const made = await send({ ...named('another'), headers: { authorization } });
  expect(made.json().member).toBe('bo@acme.example');
  expect((await get(url, authorization)).json().tokens).toHaveLength(2);
});
