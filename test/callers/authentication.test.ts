import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { addMember } from '../../src/members/change-members.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  const basic = await makeBasic(workplace.database, acme);
  return {
    ...workplace,
    acme,
    bearer,
    basic,
    asBearer: (authorization?: string) => workplace.get('/batch/acme/reports', authorization),
    asBasic: (authorization?: string) =>
      workplace.get('/batch/acme/signature_tokens', authorization),
  };
}

const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const decode = (authorization: string) =>
  Buffer.from(authorization.split(' ')[1] as string, 'base64').toString('latin1');

/** All of an answer but when it was made. */
function whole({ statusCode, headers, body }: LightMyRequestResponse) {
  return { statusCode, headers: { ...headers, date: undefined, 'x-request-id': undefined }, body };
}

const bearerRefusal = {
  id: 'unauthorized',
  message: 'The Discovery API needs a valid signature token.',
  hint: expect.stringContaining('Authorization: Bearer '),
};
const basicRefusal = {
  id: 'unauthorized',
  message: 'This needs a valid API token.',
  hint: expect.stringContaining('HTTP Basic'),
};

/** What makes a valid credential malformed, whichever its scheme. `text` is what its Base64 stands for. */
const malformations: [string, (scheme: string, base64: string, text: string) => string][] = [
  ['an empty header', () => ''],
  ['a space', () => ' '],
  ['the scheme alone', (scheme) => scheme],
  ['the scheme and a space', (scheme) => `${scheme} `],
  ['no scheme', (_, base64) => base64],
  ['no space', (scheme, base64) => `${scheme}${base64}`],
  ['a colon after the scheme', (scheme, base64) => `${scheme}: ${base64}`],
  ['a comma after the scheme', (scheme, base64) => `${scheme}, ${base64}`],
  ['a tab for the space', (scheme, base64) => `${scheme}\t${base64}`],
  ['an equals sign for the space', (scheme, base64) => `${scheme}=${base64}`],
  ['the scheme twice', (scheme, base64) => `${scheme} ${scheme} ${base64}`],
  ['an unknown scheme', (_, base64) => `Token ${base64}`],
  ['the Digest scheme', (_, base64) => `Digest ${base64}`],
  ['a longer scheme', (scheme, base64) => `${scheme}s ${base64}`],
  ['a shorter scheme', (scheme, base64) => `${scheme.slice(0, -1)} ${base64}`],
  ['two credentials', (scheme, base64) => `${scheme} ${base64}, ${scheme} ${base64}`],
  ['words behind it', (scheme, base64) => `${scheme} ${base64} please`],
  ['a parameter behind it', (scheme, base64) => `${scheme} ${base64}; charset=UTF-8`],
  ['quotes', (scheme, base64) => `${scheme} "${base64}"`],
  ['angle brackets', (scheme, base64) => `${scheme} <${base64}>`],
  ['a placeholder', (scheme) => `${scheme} {bearer_token}`],
  ['no Base64 at all', (scheme, _, text) => `${scheme} ${text}`],
  ['URL-safe Base64', (scheme) => `${scheme} ${'-_'.repeat(30)}`],
  ['a space within', (scheme, base64) => `${scheme} ${base64.slice(0, 8)} ${base64.slice(8)}`],
  [
    'a line break within',
    (scheme, base64) => `${scheme} ${base64.slice(0, 8)}\n${base64.slice(8)}`,
  ],
  ['a percent sign', (scheme, base64) => `${scheme} ${encodeURIComponent(`${base64}=`)}`],
  ['too much padding', (scheme, base64) => `${scheme} ${base64}=`],
  ['far too much padding', (scheme, base64) => `${scheme} ${base64}====`],
  [
    'padding in the middle',
    (scheme, base64) => `${scheme} ${base64.slice(0, 8)}==${base64.slice(8)}`,
  ],
  ['padding alone', (scheme) => `${scheme} ====`],
  ['a digit too few', (scheme, base64) => `${scheme} ${base64.slice(0, -1)}`],
  ['a digit too many', (scheme, base64) => `${scheme} ${base64}A`],
  ['encoded twice', (scheme, base64) => `${scheme} ${encode(base64)}`],
  ['a line break encoded with it', (scheme, _, text) => `${scheme} ${encode(`${text}\n`)}`],
  ['a space encoded with it', (scheme, _, text) => `${scheme} ${encode(` ${text}`)}`],
  ['a zero byte encoded with it', (scheme, _, text) => `${scheme} ${encode(`${text}\0`)}`],
  ['UTF-16', (scheme, _, text) => `${scheme} ${Buffer.from(text, 'utf16le').toString('base64')}`],
  ['upper case', (scheme, _, text) => `${scheme} ${encode(text.toUpperCase())}`],
  ['no colon', (scheme, _, text) => `${scheme} ${encode(text.replaceAll(':', ''))}`],
  ['a part too few', (scheme, _, text) => `${scheme} ${encode(text.replace(/:[^:]*$/, ''))}`],
  ['a part too many', (scheme, _, text) => `${scheme} ${encode(`${text}:more`)}`],
  ['a colon too many', (scheme, _, text) => `${scheme} ${encode(`${text}:`)}`],
  ['a colon before it', (scheme, _, text) => `${scheme} ${encode(`:${text}`)}`],
  ['empty parts', (scheme, _, text) => `${scheme} ${encode(text.replace(/[^:]/g, ''))}`],
  ['an empty secret', (scheme, _, text) => `${scheme} ${encode(text.replace(/[^:]*$/, ''))}`],
  ['the last digit changed', (scheme, _, text) => `${scheme} ${encode(`${text.slice(0, -1)}x`)}`],
  ['the first digit changed', (scheme, _, text) => `${scheme} ${encode(`x${text.slice(1)}`)}`],
  [
    'an unknown token',
    (scheme, _, text) => `${scheme} ${encode(text.replace(/^[^:]*/, '0123456789ab'))}`,
  ],
  [
    'SQL as a token',
    (scheme, _, text) => `${scheme} ${encode(text.replace(/^[^:]*/, "' or 1=1 --"))}`,
  ],
  ['bytes that are not text', (scheme) => `${scheme} ${Buffer.alloc(64, 0xff).toString('base64')}`],
  ['8 KiB of it', (scheme, base64) => `${scheme} ${base64.repeat(100).slice(0, 8192)}`],
];

describe('there is one 401 for every credential that is not valid', () => {
  test('a malformed bearer', async () => {
    const { asBearer, bearer } = await openAcme();
    const [, base64] = bearer.split(' ') as [string, string];
    const missing = whole(await asBearer());
    for (const [what, malform] of malformations) {
      const response = await asBearer(malform('Bearer', base64, decode(bearer)));
      expect(whole(response), what).toEqual(missing);
    }
  });

  test('a malformed API token', async () => {
    const { asBasic, basic } = await openAcme();
    const [, base64] = basic.split(' ') as [string, string];
    const missing = whole(await asBasic());
    for (const [what, malform] of malformations) {
      const response = await asBasic(malform('Basic', base64, decode(basic)));
      expect(whole(response), what).toEqual(missing);
    }
  });

  test('a missing bearer', async () => {
    const { asBearer } = await openAcme();
    const response = await asBearer();
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual(bearerRefusal);
  });

  test('a missing API token', async () => {
    const { asBasic } = await openAcme();
    const response = await asBasic();
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Basic realm="Rollcall", charset="UTF-8"');
    expect(response.json()).toEqual(basicRefusal);
  });

  test('the other scheme, and a token of the other kind', async () => {
    const { asBearer, asBasic, bearer, basic } = await openAcme();
    const [token, key, secret] = decode(bearer).split(':') as [string, string, string];
    const [apiToken, apiSecret] = decode(basic).split(':') as [string, string];
    const bearers = [
      basic,
      `Bearer ${basic.split(' ')[1]}`,
      `Bearer ${encode(`${apiToken}:${apiSecret}:`)}`,
      `Bearer ${encode(`${apiToken}:${apiSecret.slice(0, 24)}:${apiSecret.slice(24)}`)}`,
      `Bearer ${encode(`${token}:${secret}:${key}`)}`,
    ];
    for (const authorization of bearers) {
      expect(whole(await asBearer(authorization))).toEqual(whole(await asBearer()));
    }
    const basics = [
      bearer,
      `Basic ${bearer.split(' ')[1]}`,
      `Basic ${encode(`${token}:${key}`)}`,
      `Basic ${encode(`${token}:${secret}`)}`,
    ];
    for (const authorization of basics) {
      expect(whole(await asBasic(authorization))).toEqual(whole(await asBasic()));
    }
  });

  test('a revoked bearer, from the next request on', async () => {
    const { asBearer, bearer, database, acme } = await openAcme();
    expect((await asBearer(bearer)).statusCode).toBe(200);
    const [token] = decode(bearer).split(':') as [string];
    await revokeAccessToken(database, acme.id, 'signature', token, '2026-01-01T00:00:00.000Z');
    expect(whole(await asBearer(bearer))).toEqual(whole(await asBearer()));
  });

  test('a credential of a member who was removed, from the next request on', async () => {
    const { asBearer, asBasic, database, acme, time } = await openAcme();
    const outside = { clock: () => time.nowMs };
    const basic = await makeBasic(database, acme, 'admin', 'ana@acme.example');
    const ana = await addMember(
      database,
      acme.id,
      { email: 'ana@acme.example', role: 'admin' },
      { ...outside, identifiers: { token: () => '', secret: () => '', longSecret: () => '' } },
    );
    const bearer = await makeBearer(database, acme, { memberSlot: ana.slot });
    expect((await asBearer(bearer)).statusCode).toBe(200);
    expect((await asBasic(basic)).statusCode).toBe(200);
    await removeMember(database, acme.id, ana, outside);
    expect(whole(await asBearer(bearer))).toEqual(whole(await asBearer()));
    expect(whole(await asBasic(basic))).toEqual(whole(await asBasic()));
  });

  test('an expired bearer, from its very millisecond on', async () => {
    const { asBearer, database, acme, time } = await openAcme();
    const expiresAt = '2026-12-01T10:00:00.000Z';
    const bearer = await makeBearer(database, acme, { expiresAt });
    time.nowMs = Date.parse(expiresAt) - 1;
    expect((await asBearer(bearer)).statusCode).toBe(200);
    time.nowMs += 1;
    expect(whole(await asBearer(bearer))).toEqual(whole(await asBearer()));
    time.nowMs += 1;
    expect((await asBearer(bearer)).statusCode).toBe(401);
  });
});

describe('a valid credential', () => {
  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('is accepted as %s', async (scheme) => {
    const { asBearer, bearer } = await openAcme();
    expect((await asBearer(bearer.replace('Bearer', scheme))).statusCode).toBe(200);
  });

  test.each(['Basic', 'basic', 'BASIC', 'bAsIc'])('is accepted as %s', async (scheme) => {
    const { asBasic, basic } = await openAcme();
    expect((await asBasic(basic.replace('Basic', scheme))).statusCode).toBe(200);
  });

  test('may have several spaces behind the scheme', async () => {
    const { asBearer, bearer } = await openAcme();
    expect((await asBearer(bearer.replace(' ', '   '))).statusCode).toBe(200);
  });
});

describe('there is one 404 for every organization but the caller’s own', () => {
  const spellings = ['nowhere', 'other', 'ACME', 'Acme', 'acm', 'acmee', 'acme%20'];

  test.each([...spellings, '%F0%9F%97%82', '1'])('"%s"', async (username) => {
    const { get, database, bearer, basic } = await openAcme();
    await makeOrganization(database, 'other');
    for (const [path, authorization, absent] of [
      ['reports', bearer, '/batch/absent/reports'],
      ['signature_tokens', basic, '/batch/absent/signature_tokens'],
    ] as const) {
      const response = await get(`/batch/${username}/${path}`, authorization);
      expect(response.statusCode).toBe(404);
      expect(whole(response)).toEqual(whole(await get(absent, authorization)));
      expect(response.json()).toEqual({
        id: 'not_found',
        message: 'Organization not found.',
        hint: 'Check the organization in the path, and that the token belongs to it.',
      });
    }
  });

  test('the name may be percent-encoded', async () => {
    const { get, bearer } = await openAcme();
    expect((await get('/batch/%61cme/reports', bearer)).statusCode).toBe(200);
  });
});
