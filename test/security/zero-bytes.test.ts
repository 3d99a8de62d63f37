import { expect, test } from 'vitest';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  const basic = await makeBasic(workplace.database, acme);
  return { ...workplace, bearer, basic };
}

const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64');

test('a zero byte in a credential or a path made PostgreSQL fail', async () => {
  const { get, send, bearer, basic } = await openAcme();
  const statuses = [
    (await get('/batch/acme/reports', `Bearer ${encode('\0:a:b')}`)).statusCode,
    (await get('/batch/acme/reports', `Bearer ${encode('0123\u000056789ab:a:b')}`)).statusCode,
    (await get('/batch/acme/signature_tokens', `Basic ${encode('\0:a')}`)).statusCode,
    (await get('/batch/%00/reports', bearer)).statusCode,
    (await get('/batch/acme/signature_tokens/%00', basic)).statusCode,
    (await get('/api/acme/reports/a%00b', basic)).statusCode,
    (
      await send({
        method: 'DELETE',
        url: '/batch/acme/signature_tokens/%00',
        headers: { authorization: basic },
      })
    ).statusCode,
  ];
  expect(statuses).toEqual([401, 401, 401, 400, 400, 400, 400]);
});

test('a zero byte in the place from which lines are asked for made PostgreSQL fail', async () => {
  const { send, bearer } = await openAcme();
  const headers = { authorization: bearer, accept: 'application/x-ndjson' };
  const response = await send({ url: '/batch/acme/reports?after=%00', headers });
  expect(response.statusCode).toBe(400);
  expect(response.json().message).toMatch(
    /^after is "\\u0000", which contains U\+0000; it must be text/,
  );
});

test('a zero byte in a name made PostgreSQL fail', async () => {
  const { send, basic } = await openAcme();
  const response = await send({
    method: 'POST',
    url: '/batch/acme/signature_tokens',
    headers: { authorization: basic },
    payload: {
      signature_token: {
        name: 'four\u0000more',
        expires_at: '2027-01-01T00:00Z',
        auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
      },
    },
  });
  expect(response.statusCode).toBe(400);
  expect(response.json().message).toContain('Field signature_token.name is ');
});
