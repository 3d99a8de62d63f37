import { describe, expect, test } from 'vitest';
import { openAcme } from '../support/acme.ts';
import { crawlAll } from '../support/changes.ts';
import { makeBearer } from '../support/workplace.ts';

const TOKEN = '0a1b2c3d4e5f';
const all = '/api/acme/unpublished_reports';
const path = `${all}/${TOKEN}`;
const content = {
  name: 'Half written',
  description: null,
  queries: [
    { name: 'One', raw_query: 'select 1', charts: [{ chart_type: 'bar', chart_title: 'Ones' }] },
  ],
};

async function openWithDraft(given: object = { token: TOKEN, content }) {
  const workplace = await openAcme();
  const { call, get, ana, database, acme } = workplace;
  const begin = (report: object = given) => call('POST', all, ana, { unpublished_report: report });
  const begun = await begin();
  expect(begun.statusCode, begun.body).toBe(201);
  const bearer = await makeBearer(database, acme);
  return {
    ...workplace,
    begin,
    begun,
    tag: String(begun.headers.etag),
    crawl: () => crawlAll({ get }, 'acme', bearer),
    ask: (method: 'PUT' | 'DELETE', tag: string, report: object = { content }) =>
      call(method, path, ana, method === 'PUT' ? { unpublished_report: report } : undefined, {
        'if-match': tag,
      }),
    publish: (body?: object, tag?: string) =>
      call('POST', `${path}/publish`, ana, body, tag ? { 'if-match': tag } : {}),
    mine: async () => (await get(all, ana)).json()._embedded.unpublished_reports,
  };
}

describe('a report that was never published', () => {
  test('is its member’s alone, on every path, and in no list', async () => {
    const { get, call, ana, bo, admin, mine, crawl, begun } = await openWithDraft();
    expect(begun.json()).toMatchObject({ token: TOKEN, name: 'Half written', space_token: null });
    const whole = await get(path, ana);
    expect(whole.json()).toEqual({ ...begun.json(), content });
    expect(whole.headers.etag).toBe(begun.headers.etag);
    expect(await mine()).toEqual([begun.json()]);
    for (const other of [bo, admin]) {
      expect((await get(all, other)).json()._embedded.unpublished_reports).toEqual([]);
      for (const [method, end] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/publish'],
      ] as const)
        expect((await call(method, `${path}${end}`, other)).statusCode).toBe(404);
    }
    expect((await get(`/api/acme/reports/${TOKEN}`, ana)).statusCode).toBe(404);
    expect(JSON.stringify(await crawl())).not.toContain(TOKEN);
  });

  test('is begun once, however often it is asked for', async () => {
    const { begin, mine } = await openWithDraft();
    expect((await begin()).statusCode).toBe(201);
    const other = await begin({ token: TOKEN, content: { name: 'Another', queries: [] } });
    expect([other.statusCode, other.json().id]).toEqual([409, 'conflict']);
    expect(await mine()).toMatchObject([{ name: 'Half written' }]);
    const bad = await begin({ token: 'mine', content });
    expect([bad.statusCode, bad.json().message]).toEqual([400, expect.stringContaining('token')]);
  });

  test('is not replaced, discarded or published by who does not know it', async () => {
    const { ask, publish, tag, mine, get, ana } = await openWithDraft();
    const named = (name: string) => ({ content: { ...content, name }, space_token: 'finance' });
    const saved = await ask('PUT', tag, named('Second'));
    expect(saved.statusCode, saved.body).toBe(200);
    for (const refused of [
      await ask('PUT', tag, named('Third')),
      await ask('DELETE', tag),
      await publish(undefined, tag),
    ])
      expect(refused.statusCode).toBe(412);
    expect(await mine()).toMatchObject([{ name: 'Second', space_token: 'finance' }]);
    expect((await ask('DELETE', String(saved.headers.etag))).statusCode).toBe(204);
    for (const { statusCode } of [await get(path, ana), await ask('DELETE', '*')])
      expect(statusCode).toBe(404);
  });

  test('is published once, with all that is in it, to where it was begun for', async () => {
    const { publish, get, begin, ask, crawl, mine, ana, bo } = await openWithDraft({
      ...{ token: TOKEN, space_token: 'finance', content },
    });
    const answers = await Promise.all([publish(), publish()]);
    for (const answer of answers) {
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.json()).toMatchObject({ token: TOKEN, space_token: 'finance' });
    }
    const seen = await get(`/api/acme/reports/${TOKEN}/content`, bo);
    expect(seen.json()).toMatchObject(content);
    expect((await crawl()).reports).toContain(TOKEN);
    expect(await mine()).toEqual([]);
    // A tab that still writes it is told, whether it has saved something or not.
    for (const late of [await ask('PUT', '*'), await begin()])
      expect([late.statusCode, late.json().message]).toEqual([409, expect.stringContaining(TOKEN)]);
    expect((await get(`/api/acme/reports/${TOKEN}`, ana)).json().query_count).toBe(1);
  });

  test('is kept where its space is deleted meanwhile, and asks for another', async () => {
    const { publish, call, admin, mine, get, ana } = await openWithDraft({
      ...{ token: TOKEN, space_token: 'finance', content },
    });
    expect((await call('DELETE', '/api/acme/spaces/finance', admin)).statusCode).toBeLessThan(300);
    const refused = await publish();
    expect([refused.statusCode, refused.json().message]).toEqual([404, 'space not found']);
    expect(await mine()).toHaveLength(1);
    const published = await publish({ report: { space_token: null } });
    expect(published.json()).toMatchObject({ token: TOKEN, shared: false });
    expect((await get(`/api/acme/reports/${TOKEN}/queries`, ana)).json()).toMatchObject({
      _embedded: { queries: [{ name: 'One' }] },
    });
  });

  test('gets another token if a report has the same by then', async () => {
    const { publish, putReport, get, bo, call } = await openWithDraft();
    await putReport(7, { row: { token: TOKEN, name: 'Of an import' }, in: 'own' });
    const published = (await publish()).json();
    expect(published.name).toBe('Half written');
    expect(published.token).not.toBe(TOKEN);
    // Of others, not even that such a token exists is to be learned.
    const theirs = { unpublished_report: { token: TOKEN, content } };
    expect((await call('POST', all, bo, theirs)).statusCode).toBe(201);
    expect((await get(path, bo)).json().content).toEqual(content);
  });

  test('that cannot be a report is refused with what is wrong, and kept', async () => {
    const queries = [{ name: 'One', raw_query: 'select 1', data_source_token: 'gone', charts: [] }];
    const { publish, mine } = await openWithDraft({ token: TOKEN, content: { queries } });
    const refused = await publish();
    expect([refused.statusCode, refused.json().message]).toEqual([
      400,
      expect.stringContaining('data_source_token is "gone"'),
    ]);
    expect(await mine()).toHaveLength(1);
  });
});
