import { expect, test, vi } from 'vitest';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const readOnly = 'PostgreSQL is being upgraded until 22:00';

test('a server that is read-only answers what can be read, and refuses the rest with the reason', async () => {
  const { database, send } = await openWorkplace({ readOnly, logLevel: 'error' });
  const log = vi.spyOn(process.stderr, 'write');
  const acme = await makeOrganization(database);
  const headers = { authorization: await makeBasic(database, acme) };
  const bearer = { authorization: await makeBearer(database, acme) };
  const ask = (url: string, given: object) => send({ method: 'GET', url, headers: { ...given } });
  expect((await ask('/batch/acme/reports', bearer)).statusCode).toBe(200);
  expect((await ask('/api/acme/spaces', headers)).statusCode).toBe(200);
  expect((await ask('/api/session', {})).json()).toMatchObject({ read_only: readOnly });
  const before = await database.all('select * from audit_log');
  for (const [method, url] of [
    ['POST', '/api/acme/spaces'],
    ['DELETE', '/api/acme/spaces/x'],
    ['POST', '/api/session'],
    ['PATCH', '/api/acme/reports/x'],
  ] as const) {
    const refused = await send({ method, url, headers, payload: {} });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    expect(refused.json()).toMatchObject({
      id: 'busy',
      message: expect.stringContaining(readOnly),
    });
  }
  expect(await database.all('select * from audit_log')).toEqual(before);
  // An administrator who looks for faults finds none.
  expect(log).not.toHaveBeenCalled();
});
