import type { InjectOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const TOKENS = '/batch/acme/signature_tokens';

const newToken = (more: object = {}) => ({
  signature_token: {
    name: 'catalog',
    expires_at: '2027-01-01T00:00Z',
    auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    ...more,
  },
});

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const basic = await makeBasic(workplace.database, acme);
  const bearer = await makeBearer(workplace.database, acme);
  const post = (payload: string | Buffer, type?: string, headers = {}) => {
    const contentType = type === undefined ? {} : { 'content-type': type };
    const request: InjectOptions = {
      method: 'POST',
      url: TOKENS,
      headers: { authorization: basic, ...contentType, ...headers },
      payload,
    };
    return workplace.send(request);
  };
  return { ...workplace, acme, basic, bearer, post };
}

const types = [
  'application/json',
  'application/json; charset=utf-8',
  'text/html',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'json',
  ';;;',
  '',
];

describe('a request without a body is accepted whatever its Content-Type', () => {
  test.each(types)('GET of a list: "%s"', async (type) => {
    const { send, bearer } = await openAcme();
    const headers = { authorization: bearer, 'content-type': type };
    expect((await send({ method: 'GET', url: '/batch/acme/reports', headers })).statusCode).toBe(
      200,
    );
  });

  test.each(types)('DELETE of a token: "%s"', async (type) => {
    const { send, basic, post } = await openAcme();
    const { token } = (await post(JSON.stringify(newToken()), 'application/json')).json();
    const headers = { authorization: basic, 'content-type': type };
    const response = await send({ method: 'DELETE', url: `${TOKENS}/${token}`, headers });
    expect(response.statusCode).toBe(200);
  });
});

describe('a body that the path does not take', () => {
  test.each([
    ['application/json', '{"page": 2}'],
    ['application/json', 'not json'],
    ['text/plain', 'anything'],
    ['json', 'anything'],
  ])('is read past: %s %s', async (type, payload) => {
    const { send, basic, bearer, post } = await openAcme();
    const { token } = (await post(JSON.stringify(newToken()), 'application/json')).json();
    const answers = [
      await send({
        method: 'GET',
        url: '/batch/acme/reports',
        headers: { authorization: bearer, 'content-type': type },
        payload,
      }),
      await send({
        method: 'DELETE',
        url: `${TOKENS}/${token}`,
        headers: { authorization: basic, 'content-type': type },
        payload,
      }),
    ];
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200]);
  });
});

describe('a body that the path takes', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
  ])('is read as JSON: %s', async (type) => {
    const { post } = await openAcme();
    expect((await post(JSON.stringify(newToken()), type)).statusCode).toBe(200);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'text/json',
    'application/hal+json',
    'json',
    undefined,
  ])('is a 415 where it is said to be something else: %s', async (type) => {
    const { post } = await openAcme();
    const response = await post(Buffer.from(JSON.stringify(newToken())), type);
    expect(response.statusCode).toBe(415);
    expect(response.json()).toEqual({
      id: 'unsupported_media_type',
      message: 'The body must be JSON.',
      hint: 'Send Content-Type: application/json.',
    });
  });

  test.each(['gzip', 'br, gzip', 'x-unknown'])(
    'is a 415 that names its Content-Encoding: %s',
    async (encoding) => {
      const { send, basic } = await openAcme();
      const sent = (headers: object) =>
        send({
          method: 'POST',
          url: TOKENS,
          headers: { authorization: basic, 'content-type': 'application/json', ...headers },
          payload: JSON.stringify(newToken()),
        });
      const refused = await sent({ 'content-encoding': encoding });
      expect(refused.statusCode).toBe(415);
      expect(refused.json().message).toContain(`Content-Encoding of the body is "${encoding}"`);
      expect((await sent({ 'content-encoding': 'Identity' })).statusCode).toBe(200);
    },
  );

  test.each([
    ['{"signature_token": {"name": 1e999}}', 'Field signature_token.name'],
    ['{"signature_token": {"more": [1, -1E+400]}}', 'Field signature_token.more.1'],
    [`{"a": ${'9'.repeat(400)}}`, 'Field a'],
    ['1e400', 'The body'],
  ])('is a 400 that names a number that is too large, and not null: %s', async (text, where) => {
    const { post } = await openAcme();
    const response = await post(text, 'application/json');
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toMatch(
      new RegExp(`^${where} is "[^"]*", which has more digits`),
    );
  });

  test.each([
    '{',
    'nonsense',
    "{'signature_token': {}}",
    '{"signature_token": {},}',
    'NaN',
    '\ufeff{}',
    '{}{}',
    '"\u0000',
  ])('is a 400 where it is not JSON: %j', async (text) => {
    const { post } = await openAcme();
    const response = await post(text, 'application/json');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ id: 'bad_request', message: 'The body is not valid JSON.' });
  });

  test('may have 64 KiB, and is a 413 above', async () => {
    const { post } = await openAcme();
    const text = JSON.stringify(newToken());
    const padded = (length: number) => text + ' '.repeat(length - text.length);
    expect((await post(padded(64 * 1024), 'application/json')).statusCode).toBe(200);
    const response = await post(padded(64 * 1024 + 1), 'application/json');
    expect(response.statusCode).toBe(413);
    expect(response.json()).toEqual({
      id: 'payload_too_large',
      message: 'The body is too large; the limit is 64 KiB.',
    });
  });

  test('may be nested 100 levels deep, and is refused below before it is read', async () => {
    const { post } = await openAcme();
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const messageOf = async (text: string) => {
      const response = await post(text, 'application/json');
      expect(response.statusCode).toBe(400);
      return response.json().message;
    };
    expect(await messageOf(nested(100))).toBe('The body must be object.');
    const tooDeep = 'The body is nested deeper than 100 levels.';
    for (const text of [nested(101), nested(30_000), `{"a":${nested(100)}}`, '['.repeat(101)]) {
      expect(await messageOf(text)).toBe(tooDeep);
    }
    // Brackets in a text are no levels, whatever stands before its quotes.
    const text = JSON.stringify(`\\"${'[{'.repeat(200)}`);
    expect(await messageOf(`{"a":${text}}`)).toContain('must have required property');
  });

  test('may hold 20,000 values', async () => {
    const { post } = await openAcme();
    const messageOf = async (text: string) => (await post(text, 'application/json')).json().message;
    const list = (values: number) => `[${Array(values).fill(1).join(',')}]`;
    expect(await messageOf(list(19_999))).toBe('The body must be object.');
    expect(await messageOf(list(20_000))).toBe('The body has more than 20000 values.');
    expect(await messageOf(JSON.stringify(','.repeat(30_000)))).toContain('it must be object.');
  });
});

describe('a field that is not accepted', () => {
  const without = (name: string) => {
    const { [name]: _, ...rest } = newToken().signature_token as Record<string, unknown>;
    return { signature_token: rest };
  };
  const withScope = (scope: unknown) => newToken({ auth_scope: scope });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'The body must be object.'],
    ['null', null, 'The body must be object.'],
    ['a list', [], 'The body must be object.'],
    ['no token', {}, "The body must have required property 'signature_token'."],
    ['no name', without('name'), "Field signature_token must have required property 'name'."],
    [
      'a number as name',
      newToken({ name: 5 }),
      'Field signature_token.name is "5"; it must be string.',
    ],
    [
      'a name of 3',
      newToken({ name: 'abc' }),
      'Field signature_token.name is "abc"; it must NOT have fewer than 4 characters.',
    ],
    [
      'a name of 65',
      newToken({ name: 'x'.repeat(65) }),
      `Field signature_token.name is "${'x'.repeat(65)}"; it must NOT have more than 64 characters.`,
    ],
    [
      'no expiry',
      without('expires_at'),
      "Field signature_token must have required property 'expires_at'.",
    ],
    [
      'another scope',
      withScope({ authentication_for: 'rest-api', authorization_type: 'read-only' }),
      'Field signature_token.auth_scope.authentication_for is "rest-api"; it must be equal to constant: "batch-api".',
    ],
    [
      'another type',
      withScope({ authentication_for: 'batch-api', authorization_type: 'read-write' }),
      'Field signature_token.auth_scope.authorization_type is "read-write"; it must be equal to constant: "read-only".',
    ],
    [
      'half a scope',
      withScope({ authentication_for: 'batch-api' }),
      "Field signature_token.auth_scope must have required property 'authorization_type'.",
    ],
    [
      'no scope',
      without('auth_scope'),
      "Field signature_token must have required property 'auth_scope'.",
    ],
  ])('is a 400 that names it: %s', async (_, body, message) => {
    const { post } = await openAcme();
    const response = await post(body === undefined ? '' : JSON.stringify(body), 'application/json');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ id: 'bad_request', message });
  });

  test('a number that JavaScript made another of is named', async () => {
    const { post } = await openAcme();
    const messageOf = async (text: string) => (await post(text, 'application/json')).json().message;
    for (const number of ['9007199254740993', '-0.1234567890123456789', '1e400', '1e-400']) {
      const named = `is "${number}", which has more digits than a number keeps; it must be`;
      expect(await messageOf(`{"a": [1, {"b": ${number}}]}`)).toContain(`Field a.1.b ${named}`);
      expect(await messageOf(number)).toContain(`The body ${named}`);
      expect(await messageOf(`{"a": "${number}"}`)).toContain('required property');
    }
    const kept = ['9007199254740992', '0.30000000000000004', '0.10000000000000001', '1e22', '1e-7'];
    for (const number of [...kept, '100000000000000000000', '0.5000000000000000000', '-0.0'])
      expect(await messageOf(`{"a": ${number}}`)).toContain('required property');
  });

  test('a name may have 4 to 64 characters, whatever they are', async () => {
    const { post } = await openAcme();
    for (const name of ['abcd', 'x'.repeat(64), 'é'.repeat(64), '🗂️🗂️', '  x ']) {
      const response = await post(JSON.stringify(newToken({ name })), 'application/json');
      expect(response.statusCode).toBe(200);
      expect(response.json().name).toBe(name);
    }
  });

  test('__proto__ is a field like any other', async () => {
    const { post } = await openAcme();
    const text = JSON.stringify(newToken()).replace('{', '{"__proto__":{"x":1},');
    const response = await post(text, 'application/json');
    expect(response.statusCode).toBe(200);
    expect(response.headers['rollcall-ignored-fields']).toBe('__proto__');
  });
});

test('who may not make tokens is told so before anything is said of the body', async () => {
  const { send, basic, database, acme } = await openAcme();
  const member = await makeBasic(database, acme, 'member');
  const answers: number[] = [];
  for (const [authorization, url] of [
    [undefined, TOKENS],
    [member, TOKENS],
    [basic, '/batch/other/signature_tokens'],
  ] as const) {
    for (const type of ['application/json', 'text/plain', 'json']) {
      const headers = { 'content-type': type, ...(authorization ? { authorization } : {}) };
      const response = await send({ method: 'POST', url, headers, payload: 'not json' });
      answers.push(response.statusCode);
    }
  }
  expect(answers).toEqual([401, 401, 401, 403, 403, 403, 404, 404, 404]);
});
