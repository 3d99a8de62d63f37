import { describe, expect, test } from 'vitest';
import { openReport } from '../support/edited-report.ts';
import { makeBearer } from '../support/workplace.ts';

describe('a query', () => {
  test('is made, read, changed and deleted, and stands in the list', async () => {
    const { as, report, get, database, acme, time } = await openReport();
    const bearer = await makeBearer(database, acme);
    const listed = async () => (await get('/batch/acme/queries', bearer)).json().queries;
    const query = { name: 'Orders', raw_query: 'select 1', data_source_token: 'c93d5b1a7e20' };
    const made = await as.bo('POST', `${report}/queries`, { query });
    expect(made.statusCode, made.body).toBe(201);
    expect(made.json()).toMatchObject({
      ...query,
      data_source_id: '1000000500',
      chart_count: 0,
      created_at: '2026-11-23T12:00:00.000Z',
    });
    const { self, creator } = made.json()._links;
    expect((await as.bo('GET', creator.href)).json().email).toBe('bo@acme.example');
    expect(await listed()).toMatchObject([
      { ...query, creator_email: 'bo@acme.example', space_token: 'finance', space_id: 1 },
    ]);

    time.nowMs += 1000;
    const raw_query = "select '{{ x }}' \n{% form %}\nx:\n  type: text\n{% endform %}";
    const changed = await as.ana('PATCH', self.href, { query: { raw_query } });
    expect(changed.json()).toMatchObject({
      ...query,
      raw_query,
      updated_at: '2026-11-23T12:00:01.000Z',
    });
    expect((await as.bo('GET', self.href)).body).toBe(changed.body);
    expect(await listed()).toMatchObject([{ raw_query, creator_email: 'bo@acme.example' }]);
    const list = (await as.bo('GET', `${report}/queries?page=3`)).json();
    expect(list._embedded.queries).toEqual([changed.json()]);
    expect((await as.bo('GET', report)).json()).toMatchObject({
      query_count: 1,
      edited_at: '2026-11-23T12:00:01.000Z',
    });

    expect((await as.bo('DELETE', self.href)).statusCode).toBe(204);
    expect((await as.bo('GET', self.href)).statusCode).toBe(404);
    expect(await listed()).toEqual([]);
  });

  test('takes its charts with it when it is deleted, and no others', async () => {
    const { as, report, addQuery, addChart } = await openReport();
    const [first, second] = [await addQuery(), await addQuery()];
    await addChart(first);
    const kept = await addChart(second);
    await as.bo('DELETE', first);
    expect((await as.bo('GET', report)).json()).toMatchObject({ query_count: 1, chart_count: 1 });
    expect((await as.bo('GET', kept)).statusCode).toBe(200);
  });

  test('may be kept as a draft that could not run', async () => {
    const { addQuery, as } = await openReport();
    const query = await addQuery({ raw_query: '{% if %} select from' });
    expect((await as.bo('GET', query)).json()).toMatchObject({
      name: null,
      data_source_token: null,
    });
  });

  test('takes the number of a data source as text or as a number', async () => {
    const { addQuery, as } = await openReport();
    for (const data_source_id of [1_000_000_500, '1000000500']) {
      const query = await addQuery({ raw_query: 'select 1', data_source_id });
      expect((await as.bo('GET', query)).json().data_source_token).toBe('c93d5b1a7e20');
    }
  });

  test('is taken from its data source by null, and by nothing else', async () => {
    const { addQuery, as } = await openReport();
    for (const none of [{ data_source_token: null }, { data_source_id: null }]) {
      const query = await addQuery({ raw_query: 'select 1', data_source_token: 'c93d5b1a7e20' });
      const renamed = await as.ana('PATCH', query, { query: { name: 'Revenue' } });
      expect(renamed.json().data_source_token).toBe('c93d5b1a7e20');
      const taken = await as.ana('PATCH', query, { query: none });
      expect(taken.json().data_source_token).toBeNull();
    }
  });

  test.each([
    [{ raw_query: 5 }, 'query.raw_query'],
    [{ raw_query: 'a'.repeat(1_000_001) }, 'query.raw_query'],
    [{ raw_query: 'a\u0000' }, 'query.raw_query'],
    [{ name: 'a'.repeat(256) }, 'query.name'],
    [{ data_source_token: 'never' }, 'data_source_token is "never"'],
    [{ data_source_id: 7 }, 'data_source_id is "7"'],
    [{ data_source_id: 7, data_source_token: 'a' }, 'data_source_token is "a"'],
    [{ data_source_id: 1.5 }, 'query.data_source_id'],
    [{ data_source_id: 1e300 }, 'query.data_source_id'],
    [{ data_source_id: -1e300 }, 'query.data_source_id'],
  ])('is refused where it is wrong, with the field named (%#)', async (query, field) => {
    const { as, report, addQuery } = await openReport();
    const made = await as.bo('POST', `${report}/queries`, { query });
    expect(made.statusCode).toBe(400);
    expect(made.json().message).toContain(field);
    const changed = await as.bo('PATCH', await addQuery(), { query });
    expect(changed.statusCode).toBe(400);
    expect(changed.json().message).toContain(field);
  });

  test('larger than a body may be is refused', async () => {
    const { as, report } = await openReport();
    const query = { raw_query: '数'.repeat(1_400_000) };
    expect((await as.bo('POST', `${report}/queries`, { query })).statusCode).toBe(413);
  });

  test('of a report that has 160 is one too many', async () => {
    const { as, report, send, bo } = await openReport();
    const queries = Array.from({ length: 160 }, (_, number) => ({
      name: null,
      raw_query: `select ${number}`,
      data_source_token: null,
      charts: [],
    }));
    const filled = await send({
      method: 'PUT',
      url: `${report}/content`,
      headers: { authorization: bo, 'if-match': '*' },
      payload: { content: { name: 'Weekly revenue', description: null, queries } },
    });
    expect(filled.statusCode, filled.body).toBe(200);
    const response = await as.bo('POST', `${report}/queries`, { query: {} });
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain('160');
  });

  test('of another state than the caller knows is neither changed nor deleted', async () => {
    const { as, addQuery, addChart } = await openReport();
    const query = await addQuery();
    const known = { 'if-match': String((await as.ana('GET', query)).headers.etag) };
    await addChart(query);
    const change = { query: { name: 'A' } };
    expect((await as.ana('PATCH', query, change, known)).statusCode).toBe(200);
    expect((await as.ana('PATCH', query, change, known)).statusCode).toBe(412);
    expect((await as.ana('DELETE', query, undefined, known)).statusCode).toBe(412);
    expect((await as.ana('DELETE', query, undefined, { 'if-match': '*' })).statusCode).toBe(204);
  });

  test('is found in its own report only', async () => {
    const { as, addQuery } = await openReport();
    const query = await addQuery();
    const other = (await as.ana('POST', '/api/acme/reports')).json()._links.self.href;
    const elsewhere = `${other}/queries/${query.split('/').at(-1)}`;
    const there = await as.ana('GET', elsewhere);
    expect(there.statusCode).toBe(404);
    expect(there.body).toBe((await as.ana('GET', `${other}/queries/never`)).body);
    expect((await as.ana('PATCH', elsewhere, { query: { name: 'A' } })).statusCode).toBe(404);
  });
});
