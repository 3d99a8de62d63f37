import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  await putRows(workplace.database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const basic = await makeBasic(workplace.database, acme);
  const bearer = await makeBearer(workplace.database, acme);
  return { ...workplace, basic, bearer };
}

describe('HEAD', () => {
  test.each([
    ['a list', '/batch/acme/reports?per_page=1', 'bearer'],
    ['signature tokens', '/batch/acme/signature_tokens', 'basic'],
    ['a report', '/api/acme/reports/000000000001', 'basic'],
    ['the OpenAPI document', '/openapi.json', undefined],
    ['a bad request', '/batch/acme/reports?page=0', 'bearer'],
    ['a missing credential', '/batch/acme/reports', undefined],
    ['an unknown path', '/nowhere', undefined],
  ] as const)('answers the status and headers of GET, without a body: %s', async (_, url, kind) => {
    const workplace = await openAcme();
    const headers = kind === undefined ? {} : { authorization: workplace[kind] };
    const get = await workplace.send({ method: 'GET', url, headers });
    const head = await workplace.send({ method: 'HEAD', url, headers });
    expect(head.statusCode).toBe(get.statusCode);
    expect(head.body).toBe('');
    expect(get.headers['content-length']).toBe(String(Buffer.byteLength(get.body)));
    const ofEach = { date: '', 'x-request-id': '' };
    expect({ ...head.headers, ...ofEach }).toEqual({ ...get.headers, ...ofEach });
  });
});

describe('OPTIONS', () => {
  test.each([
    ['/batch/acme/reports', 'GET, HEAD, OPTIONS'],
    ['/batch/acme/members/', 'GET, HEAD, OPTIONS'],
    ['/batch/acme/signature_tokens', 'GET, HEAD, POST, OPTIONS'],
    ['/batch/acme/signature_tokens/5b89bf4b0a49', 'GET, HEAD, DELETE, OPTIONS'],
    ['/api/acme/reports/728f6328ea67', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
  ])('says what %s answers, to anybody', async (url, allow) => {
    const { send } = await openAcme();
    const response = await send({ method: 'OPTIONS', url });
    expect(response.statusCode).toBe(204);
    expect(response.headers.allow).toBe(allow);
    expect(response.body).toBe('');
  });
});

describe('a method that a path does not answer', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    '%s of a list is a 405',
    async (method) => {
      const { send, bearer } = await openAcme();
      const response = await send({
        method,
        url: '/batch/acme/reports',
        headers: { authorization: bearer },
      });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe('GET, HEAD, OPTIONS');
      expect(response.json()).toEqual({
        id: 'method_not_allowed',
        message: 'This path only supports GET, HEAD, OPTIONS.',
      });
    },
  );

  test('is a 405 whatever body comes with it', async () => {
    const { send } = await openAcme();
    for (const type of ['text/plain', 'nonsense', 'application/json']) {
      const response = await send({
        method: 'PUT',
        url: '/batch/acme/reports',
        headers: { 'content-type': type },
        payload: 'not json',
      });
      expect(response.statusCode).toBe(405);
    }
  });
});

describe('a path that nothing answers', () => {
  test.each([
    '/batch',
    '/batch/acme',
    '/batch/acme/runs',
    '/batch/acme/reports/1',
    '/BATCH/acme/reports',
    '/api/acme/nothing',
    `/${'x'.repeat(5_000)}`,
  ])('is a 404 in the shape of every error: %s', async (url) => {
    const { send } = await openAcme();
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'] as const) {
      const response = await send({
        method,
        url,
        ...(method === 'POST' ? { headers: { 'content-type': 'x' }, payload: 'not json' } : {}),
      });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ id: 'not_found', message: expect.any(String) });
    }
  });

  test('is a 400 where its percent-encoding is not valid, or stands for a zero byte', async () => {
    const { send } = await openAcme();
    for (const name of ['%', '%zz', '%ff', '%00', 'acme%00', '%ED%A0%80', '%C0%80']) {
      const url = `/batch/${name}/reports`;
      const response = await send({ method: 'GET', url });
      expect(response.statusCode).toBe(400);
      expect(response.json().id).toBe('bad_request');
    }
  });

  test('is that of one with single slashes: clients join an address that ends in one', async () => {
    const { get, basic, bearer } = await openAcme();
    for (const [path, authorization] of [
      ['/batch/acme/reports?per_page=1', bearer],
      ['/batch/acme/changes?limit=1', bearer],
      ['/api/acme/reports/000000000001', basic],
      ['/api/acme/collections', basic],
      ['/openapi.json', undefined],
    ] as const) {
      const single = await get(path, authorization);
      expect(single.statusCode).toBe(200);
      for (const url of [`/${path}`, path.replace(/(?<=.)\//g, '//'), path.replace('/', '///')]) {
        const answer = await get(url, authorization);
        expect([answer.statusCode, answer.body], url).toEqual([200, single.body]);
      }
    }
    // What stands after the path is left as it is.
    const refused = await get('//batch/acme/changes?after=a//b', bearer);
    expect(refused.json().message).toContain('a//b');
  });
});
