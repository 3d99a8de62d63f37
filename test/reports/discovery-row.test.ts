import { describe, expect, test } from 'vitest';
import { openReport } from '../support/edited-report.ts';
import { makeBearer } from '../support/workplace.ts';

describe('the Discovery row of a report', () => {
  test('has the bytes that the list sends', async () => {
    const { as, report, database, acme, send } = await openReport();
    await as.bo('PATCH', report, { report: { name: 'Revenue – “weekly”' } });
    const response = await as.bo('GET', `${report}/discovery_row`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toMatchObject({ name: 'Revenue – “weekly”', space_token: 'finance' });
    const authorization = await makeBearer(database, acme);
    const list = await send({ url: '/batch/acme/reports', headers: { authorization } });
    expect(list.body).toContain(`[${response.body}]`);
  });

  test('is there for who may see the report, and for nobody else', async () => {
    const { as, report } = await openReport();
    const own = (await as.ana('POST', '/api/acme/reports')).json().space_token;
    await as.ana('PATCH', report, { report: { space_token: own } });
    expect((await as.ana('GET', `${report}/discovery_row`)).statusCode).toBe(200);
    expect((await as.admin('GET', `${report}/discovery_row`)).statusCode).toBe(200);
    expect((await as.bo('GET', `${report}/discovery_row`)).statusCode).toBe(404);
  });

  test('is not there while the report is archived, which the answer says', async () => {
    const { as, report } = await openReport();
    await as.ana('PATCH', `${report}/archive`);
    const response = await as.ana('GET', `${report}/discovery_row`);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({
      id: 'not_found',
      message: 'The report is archived, so it is in no Discovery list.',
    });
    await as.ana('PATCH', `${report}/unarchive`);
    expect((await as.ana('GET', `${report}/discovery_row`)).statusCode).toBe(200);
  });
});
