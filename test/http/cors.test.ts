import { describe, expect, test } from 'vitest';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const APP = 'https://app.example.com';
const OTHER_APP = 'http://localhost:8080';

async function openAcme(corsOrigins?: string) {
  const workplace = await openWorkplace(corsOrigins === undefined ? {} : { corsOrigins });
  const acme = await makeOrganization(workplace.database);
  return { ...workplace, bearer: await makeBearer(workplace.database, acme) };
}

const preflight = (origin: string, url = '/batch/acme/reports') => ({
  method: 'OPTIONS' as const,
  url,
  headers: {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'accept,authorization,content-type',
  },
});

const corsHeaders = (headers: object) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('without configured origins', () => {
  test('no answer has a CORS header', async () => {
    const { send, bearer } = await openAcme();
    const headers = { origin: APP, authorization: bearer };
    const answers = [
      await send({ method: 'GET', url: '/batch/acme/reports', headers }),
      await send({ method: 'GET', url: '/batch/acme/reports', headers: { origin: APP } }),
      await send(preflight(APP)),
    ];
    for (const answer of answers) {
      expect(corsHeaders(answer.headers)).toEqual([]);
      expect(String(answer.headers.vary)).not.toContain('Origin');
    }
  });
});

describe('with configured origins', () => {
  const configured = `${APP}, ${OTHER_APP}`;

  test.each([APP, OTHER_APP])('%s may send credentials and read the answer', async (origin) => {
    const { send, bearer } = await openAcme(configured);
    const response = await send({
      method: 'GET',
      url: '/batch/acme/reports',
      headers: { origin, authorization: bearer },
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBe(origin);
    expect(response.headers['access-control-allow-credentials']).toBe('true');
    expect(String(response.headers.vary).split(', ')).toContain('Origin');
  });

  test('the preflight of the documented JavaScript sample is allowed, without a credential', async () => {
    const { send } = await openAcme(configured);
    const response = await send(preflight(APP));
    expect(response.statusCode).toBe(204);
    expect(response.headers['access-control-allow-origin']).toBe(APP);
    expect(response.headers['access-control-allow-credentials']).toBe('true');
    expect(response.headers['access-control-allow-methods']).toBe(
      'GET, HEAD, POST, PUT, PATCH, DELETE',
    );
    expect(response.headers['access-control-allow-headers']).toBe(
      'accept,authorization,content-type',
    );
    expect(response.headers.vary).toBe('Origin, Access-Control-Request-Headers');
  });

  test('errors can be read too, with the headers that say what to do', async () => {
    const { send, bearer } = await openAcme(configured);
    const requests = [
      { url: '/batch/acme/reports', headers: { origin: APP } },
      { url: '/batch/other/reports', headers: { origin: APP, authorization: bearer } },
      { url: '/batch/acme/reports?page=0', headers: { origin: APP, authorization: bearer } },
      { url: '/nowhere', headers: { origin: APP } },
    ];
    const statuses: number[] = [];
    for (const request of requests) {
      const response = await send({ method: 'GET', ...request });
      statuses.push(response.statusCode);
      expect(response.headers['access-control-allow-origin']).toBe(APP);
      expect(response.headers['access-control-expose-headers']).toBe(
        'etag, ratelimit, ratelimit-policy, retry-after, rollcall-cursor, rollcall-ignored-fields, www-authenticate, x-request-id',
      );
    }
    expect(statuses).toEqual([401, 404, 400, 404]);
  });

  test.each([
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'null',
    '',
  ])('another origin gets none of the headers: %s', async (origin) => {
    const { send, bearer } = await openAcme(configured);
    const headers = { origin, authorization: bearer };
    const response = await send({ method: 'GET', url: '/batch/acme/reports', headers });
    expect(response.statusCode).toBe(200);
    expect(corsHeaders(response.headers)).toEqual([]);
    expect(String(response.headers.vary).split(', ')).toContain('Origin');
    expect(corsHeaders((await send(preflight(origin))).headers)).toEqual([]);
  });

  test('a request without an origin is answered as ever', async () => {
    const { get, bearer } = await openAcme(configured);
    const response = await get('/batch/acme/reports', bearer);
    expect(response.statusCode).toBe(200);
    expect(corsHeaders(response.headers)).toEqual([]);
  });
});
