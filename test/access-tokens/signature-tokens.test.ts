import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findRowByToken } from '../../src/inventory/row-store.ts';
import { addMember } from '../../src/members/change-members.ts';
import { listMembers } from '../../src/members/member-store.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const PATH = '/batch/acme/signature_tokens';
const NOW = '2026-11-23T12:00:00.000Z';

const scope = { authentication_for: 'batch-api', authorization_type: 'read-only' };
const newToken = (more: object = {}) => ({
  signature_token: {
    name: 'batch-api-token-1',
    expires_at: '2027-10-02T21:00:00+0000',
    auth_scope: scope,
    ...more,
  },
});

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const basic = await makeBasic(workplace.database, acme);
  const call = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
    workplace.send({
      method,
      url,
      headers: { authorization: basic },
      ...(body === undefined ? {} : { payload: body }),
    });
  return {
    ...workplace,
    acme,
    basic,
    create: async (more: object = {}) => (await call('POST', PATH, newToken(more))).json(),
    call,
  };
}

const bearerOf = (made: Record<string, string>) =>
  `Bearer ${Buffer.from(`${made.token}:${made.access_key}:${made.access_secret}`).toString('base64')}`;

describe('making a signature token', () => {
  test('answers 200 and the token in the documented shape, its secret included', async () => {
    const { call, database, acme } = await openAcme();
    const response = await call('POST', PATH, newToken());
    expect(response.statusCode).toBe(200);
    const made = response.json();
    const [member] = await database.all<{ id: number }>(
      'select id from discovery_rows where organization_id = ? and list = ?',
      [acme.id, lists.members.number],
    );
    expect(made).toEqual({
      token: expect.stringMatching(/^[0-9a-f]{12}$/),
      name: 'batch-api-token-1',
      creator_id: member?.id,
      organization_id: acme.id,
      access_key: expect.stringMatching(/^[0-9a-f]{24}$/),
      access_secret: expect.stringMatching(/^[0-9a-f]{24}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: made.created_at,
      expires_at: '2027-10-02T21:00:00.000Z',
      ...scope,
    });
    expect(made.created_at).toBe(NOW);
  });

  test('makes a credential that lists the organization at once', async () => {
    const { create, get } = await openAcme();
    const bearer = bearerOf(await create());
    expect((await get('/batch/acme/reports', bearer)).statusCode).toBe(200);
  });

  test('never makes the same one twice', async () => {
    const { create } = await openAcme();
    const made = [await create(), await create(), await create()];
    for (const key of ['token', 'access_key', 'access_secret']) {
      expect(new Set(made.map((one) => one[key])).size).toBe(3);
    }
  });

  test('stores only the SHA-256 of the secret', async () => {
    const { create, database } = await openAcme();
    const made = await create();
    const rows = await database.all('select * from access_tokens where token = ?', [made.token]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(made.access_key);
    expect(JSON.stringify(rows)).not.toContain(made.access_secret);
    expect((rows[0] as { secret_hash: Buffer }).secret_hash).toHaveLength(32);
  });

  test.each([
    ['2027-01-01T00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2026-11-24T22:58:47+0000', '2026-11-24T22:58:47.000Z'],
    ['2026-12-02T21:00:30.584520+00:00', '2026-12-02T21:00:30.584Z'],
    ['2026-11-23T14:00:00.001+02:00', '2026-11-23T12:00:00.001Z'],
  ])('takes the times that clients send: %s', async (expires_at, expected) => {
    const { create } = await openAcme();
    expect((await create({ expires_at })).expires_at).toBe(expected);
  });

  test.each(['soon', '', '2027-01-01', '2027-01-01T00:00:00', '2027-02-30T00:00Z'])(
    'refuses what is no time with its zone: "%s"',
    async (expires_at) => {
      const { call } = await openAcme();
      const response = await call('POST', PATH, newToken({ expires_at }));
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual({
        id: 'bad_request',
        message: `expires_at is "${expires_at}"; it must be an ISO 8601 time with a time zone, such as 2026-10-02T21:00Z.`,
      });
    },
  );

  test.each([
    '2026-11-23T12:00:00.000Z',
    '2026-11-23T11:59:59.999Z',
    '2026-11-23T13:00+02:00',
    '1970-01-01T00:00Z',
  ])('refuses a time that is not in the future: %s', async (expires_at) => {
    const { call } = await openAcme();
    const response = await call('POST', PATH, newToken({ expires_at }));
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toBe(
      `expires_at is "${expires_at}", which is in the past; it must be in the future.`,
    );
  });
});

describe('seeing signature tokens', () => {
  test('the list has every one that is not revoked, oldest first, and never a secret', async () => {
    const { create, call, time } = await openAcme();
    expect((await call('GET', PATH)).json()).toEqual({ signature_tokens: [] });
    const made: Record<string, string>[] = [];
    for (const name of ['first', 'second', 'third']) {
      time.nowMs += 1;
      made.push(await create({ name }));
    }
    await call('DELETE', `${PATH}/${made[1]?.token}`);
    const { signature_tokens: listed } = (await call('GET', PATH)).json();
    const withoutSecret = ({ access_key, access_secret, ...shown }: Record<string, string>) =>
      shown;
    expect(listed).toEqual([made[0], made[2]].map((one) => withoutSecret(one ?? {})));
  });

  test('one is shown without its secret', async () => {
    const { create, call } = await openAcme();
    const { access_key, access_secret, ...shown } = await create();
    const response = await call('GET', `${PATH}/${shown.token}`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(shown);
    expect(response.body).not.toContain(access_key);
    expect(response.body).not.toContain(access_secret);
  });

  test('one that belongs to the organization has no creator and no end', async () => {
    const { call, database, acme } = await openAcme();
    await makeBearer(database, acme);
    const { signature_tokens: listed } = (await call('GET', PATH)).json();
    expect(listed).toEqual([expect.objectContaining({ creator_id: null, expires_at: null })]);
  });

  test('expired ones are still listed', async () => {
    const { create, call, time } = await openAcme();
    const made = await create();
    time.nowMs = Date.parse(made.expires_at) + 1;
    expect((await call('GET', PATH)).json().signature_tokens).toHaveLength(1);
  });
});

describe('revoking a signature token', () => {
  test('answers JSON, and the token is refused at the next request', async () => {
    const { create, call, get, time } = await openAcme();
    const { access_key, access_secret, ...shown } = await create();
    const bearer = bearerOf({ ...shown, access_key, access_secret });
    expect((await get('/batch/acme/reports', bearer)).statusCode).toBe(200);
    time.nowMs += 1_000;
    const response = await call('DELETE', `${PATH}/${shown.token}`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ ...shown, updated_at: '2026-11-23T12:00:01.000Z' });
    expect((await get('/batch/acme/reports', bearer)).statusCode).toBe(401);
  });

  test('can be done once; afterwards the token is not there', async () => {
    const { create, call } = await openAcme();
    const { token } = await create();
    await call('DELETE', `${PATH}/${token}`);
    const absent = (await call('GET', `${PATH}/0123456789ab`)).body;
    for (const method of ['GET', 'DELETE'] as const) {
      const response = await call(method, `${PATH}/${token}`);
      expect(response.statusCode).toBe(404);
      expect(response.body).toBe(absent);
    }
  });

  test('leaves the others alone', async () => {
    const { create, call, get } = await openAcme();
    const [one, other] = [await create(), await create()];
    await call('DELETE', `${PATH}/${one.token}`);
    expect((await get('/batch/acme/reports', bearerOf(other))).statusCode).toBe(200);
  });

  test('an API token is not a signature token', async () => {
    const { call, basic } = await openAcme();
    const [apiToken] = Buffer.from(basic.slice(6), 'base64').toString().split(':');
    expect((await call('GET', `${PATH}/${apiToken}`)).statusCode).toBe(404);
    expect((await call('DELETE', `${PATH}/${apiToken}`)).statusCode).toBe(404);
    expect((await call('GET', PATH)).statusCode).toBe(200);
  });
});

describe('who is not an admin', () => {
  test.each([
    ['GET', PATH],
    ['POST', PATH],
    ['GET', `${PATH}/0123456789ab`],
    ['DELETE', `${PATH}/0123456789ab`],
  ] as const)('is refused: %s %s', async (method, url) => {
    const { send, database, acme } = await openAcme();
    const authorization = await makeBasic(database, acme, 'member');
    const payload = method === 'POST' ? { payload: newToken() } : {};
    const response = await send({ method, url, headers: { authorization }, ...payload });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toEqual({
      id: 'forbidden',
      message: 'Only an admin of the organization can do this.',
      hint: 'Use an admin’s API token, or ask an admin.',
    });
  });

  test('is refused from the next request on, also by another server on the store', async () => {
    const { call, database, acme, config } = await openAcme();
    const [admin] = await listMembers(database, acme.id);
    expect((await call('GET', PATH)).statusCode).toBe(200);
    const other = await openStore(config);
    await addMember(
      other,
      acme.id,
      { email: admin?.email ?? '', role: 'member' },
      { clock: systemClock, identifiers: randomIdentifiers },
    );
    await other.close();
    expect((await call('GET', PATH)).statusCode).toBe(403);
  });
});

test('a member who makes tokens is listed under the number that the tokens name', async () => {
  const { create, get, database, acme } = await openAcme();
  const made = await create();
  const { members } = (await get('/batch/acme/members', bearerOf(made))).json();
  expect(members.map((member: { id: number }) => member.id)).toEqual([made.creator_id]);
  const row = await findRowByToken(database, acme.id, lists.members, members[0].token);
  expect(row?.id).toBe(made.creator_id);
});
