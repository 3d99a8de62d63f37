import { describe, expect, test } from 'vitest';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const headers = { authorization: await makeBasic(workplace.database, acme) };
  return {
    ...workplace,
    headers,
    bearer: await makeBearer(workplace.database, acme),
    call: (method: 'POST' | 'PATCH' | 'PUT', url: string, payload: object | string | Buffer) =>
      workplace.send({
        method,
        url,
        headers: { ...headers, 'content-type': 'application/json' },
        payload,
      }),
  };
}

test('half an emoji in a name made whole lists unreadable', async () => {
  const { call, get, bearer } = await openAcme();
  for (const name of [
    'bad \\ud800 end',
    '\\udc00',
    'cut off \\ud83d',
    '\\ude00\\ud83d',
    '\\u0000',
  ]) {
    const refused = await call('POST', '/api/acme/reports', `{"report":{"name":"${name}"}}`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().message).toMatch(/^Field report\.name is "/);
    expect(refused.body.isWellFormed()).toBe(true);
  }
  const whole = await call('POST', '/api/acme/reports', '{"report":{"name":"\\ud83d\\ude00"}}');
  expect(whole.statusCode).toBe(201);
  const { reports } = (await get('/batch/acme/reports?include_spaces=all', bearer)).json();
  expect(reports.map(({ name }: { name: string }) => name)).toEqual(['😀']);
});

test('no route takes one, in any field, nor as the name of one', async () => {
  const { server, call } = await openAcme();
  const { paths } = server.swagger() as {
    paths: Record<string, Record<string, { requestBody?: unknown; security?: object[] }>>;
  };
  let tried = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { requestBody }] of Object.entries(operations)) {
      if (requestBody === undefined) continue;
      const url = path.replace('{organization}', 'acme').replaceAll(/\{\w+\}/g, 'aaaaaaaaaaaa');
      for (const body of ['{"a":{"b":["x","\\ud800"]}}', '{"a":{"\\u0000":1}}', '"\\udfff"']) {
        const answer = await call(method.toUpperCase() as 'POST', url, body);
        const message = `${method} ${path} ${body} ${answer.body}`;
        // Routes for pages alone refuse what no page has sent before they look at it.
        expect([400, 401, 403], message).toContain(answer.statusCode);
        if (answer.statusCode === 400)
          expect(answer.json().message, message).toMatch(/^(Field a|Field a\.b\.1|The body) is "/);
        tried++;
      }
    }
  }
  expect(tried).toBeGreaterThan(60);
});

test('a body that is not UTF-8 was kept with U+FFFD in it', async () => {
  const { call } = await openAcme();
  const latin1 = Buffer.from('{"report":{"name":"Café"}}', 'latin1');
  const utf16 = Buffer.from('\ufeff{"report":{"name":"Café"}}', 'utf16le');
  for (const body of [latin1, utf16, Buffer.from('7b22eda080223a317d', 'hex')]) {
    const refused = await call('POST', '/api/acme/reports', body);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().message).toBe('The body is not UTF-8.');
  }
});

test('a draft and a parameter of a query that is tried take none', async () => {
  const { call } = await openAcme();
  const made = await call('POST', '/api/acme/reports', { report: { name: 'Sales' } });
  const { token } = made.json();
  const draft = await call('PUT', `/api/acme/reports/${token}/draft`, {
    draft: { content: { queries: [{ raw_query: "select '\ud83d'" }] } },
  });
  expect(draft.json().message).toMatch(/^Field draft\.content\.queries\.0\.raw_query is /);
});

describe('an error message', () => {
  test('that is cut within an emoji is no text either', async () => {
    const { get, headers } = await openAcme();
    const word = encodeURIComponent(`${'x'.repeat(79)}😀😀`);
    const answer = await get(`/api/acme/reports?stale_since=${word}`, headers.authorization);
    expect(answer.body).not.toMatch(/\\\\?ud83d/i);
  });
});
