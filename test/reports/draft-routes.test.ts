import { describe, expect, test } from 'vitest';
import { openAcme } from '../support/acme.ts';

async function openWithReport() {
  const workplace = await openAcme();
  const { call, putReport, ana } = workplace;
  const report = `/api/acme/reports/${await putReport(7)}`;
  const path = `${report}/draft`;
  return {
    ...workplace,
    report,
    path,
    save: (content: object, authorization = ana, baseVersion = 0) =>
      call('PUT', path, authorization, { draft: { base_version: baseVersion, content } }),
  };
}

const content = {
  name: 'Half wri',
  queries: [{ raw_query: 'select \u0001 😀 \u2028' }],
  charts: [],
};

describe('a draft', () => {
  test('is nothing until it is saved', async () => {
    const { get, path, report, ana } = await openWithReport();
    expect((await get(path, ana)).json()).toEqual({
      base_version: null,
      version: 0,
      saved_at: null,
      content: null,
      _links: { self: { href: path }, report: { href: report } },
    });
  });

  test('comes back as it was saved, to its member alone', async () => {
    const { save, get, path, ana, bo, admin } = await openWithReport();
    const saved = await save(content);
    expect(saved.statusCode, saved.body).toBe(200);
    expect(saved.json()).toMatchObject({ base_version: 0, version: 0 });
    expect(saved.json()).not.toHaveProperty('content');
    expect((await get(path, ana)).json()).toMatchObject({
      content,
      saved_at: '2026-11-23T12:00:00.000Z',
    });
    for (const other of [bo, admin]) expect((await get(path, other)).json().content).toBeNull();
  });

  test('takes the place of the one before, and is thrown away', async () => {
    const { save, call, get, path, ana } = await openWithReport();
    await save({ name: 'First' });
    await save({ name: 'Second' });
    expect((await get(path, ana)).json().content).toEqual({ name: 'Second' });
    for (const _ of [1, 2]) expect((await call('DELETE', path, ana)).statusCode).toBe(204);
    expect((await get(path, ana)).json().content).toBeNull();
  });

  test('is not replaced or thrown away by who does not know it', async () => {
    const { get, send, path, ana } = await openWithReport();
    const ask = (method: 'PUT' | 'DELETE', tag: string, text = '') =>
      send({
        method,
        url: path,
        headers: { authorization: ana, 'if-match': tag },
        ...(method === 'PUT' && { payload: { draft: { base_version: 0, content: { text } } } }),
      });
    const none = String((await get(path, ana)).headers.etag);
    const first = await ask('PUT', none, 'first');
    expect(first.statusCode, first.body).toBe(200);
    // At the same moment by the clock, from a tab that began with nothing, too.
    for (const refused of [await ask('PUT', none, 'second'), await ask('DELETE', none)]) {
      expect([refused.statusCode, refused.json().id]).toEqual([412, 'precondition_failed']);
    }
    const tag = String(first.headers.etag);
    expect((await get(path, ana)).headers.etag).toBe(tag);
    const third = await ask('PUT', tag, 'third');
    expect(third.headers.etag).not.toBe(tag);
    expect((await get(path, ana)).json().content).toEqual({ text: 'third' });
    expect((await ask('DELETE', tag)).statusCode).toBe(412);
    expect((await ask('DELETE', String(third.headers.etag))).statusCode).toBe(204);
    expect((await get(path, ana)).headers.etag).toBe(none);
  });

  test('changes nothing of the report', async () => {
    const { save, get, report, ana } = await openWithReport();
    const before = await get(report, ana);
    await save(content);
    expect((await get(report, ana)).body).toBe(before.body);
  });

  test('may have 2 MiB, and a hundred levels', async () => {
    const { save } = await openWithReport();
    expect((await save({ sql: 'x'.repeat(2_000_000) })).statusCode).toBe(200);
    const large = await save({ sql: 'x'.repeat(2 * 1024 * 1024) });
    expect(large.statusCode).toBe(413);
    expect(large.json().message).toContain('2 MiB');
    const deep = (levels: number) =>
      JSON.parse(`{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`);
    // The body has two levels of its own around it.
    expect((await save(deep(98))).statusCode).toBe(200);
    for (const levels of [99, 500_000]) {
      const response = await openDeep(levels);
      expect(response.statusCode).toBe(400);
      expect(response.json().message).toContain('100 levels');
    }
    async function openDeep(levels: number) {
      const { server, path, ana } = await openWithReport();
      const nested = `${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`;
      const payload = `{"draft":{"base_version":0,"content":{"a":${nested}}}}`;
      const headers = { authorization: ana, 'content-type': 'application/json' };
      return server.inject({ method: 'PUT', url: path, headers, payload });
    }
  });

  test.each([
    [{ draft: { base_version: 0 } }, 'content'],
    [{ draft: { base_version: -1, content: {} } }, 'base_version'],
    [{ draft: { base_version: 0, content: [] } }, 'content'],
    [{ draft: { base_version: 0, content: {}, colour: 1 } }, 'colour'],
    [{}, 'draft'],
  ])('is refused as %j: the error names %s', async (body, field) => {
    const { call, path, ana } = await openWithReport();
    const response = await call('PUT', path, ana, body);
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain(field);
  });
});

describe('who else edits a report', () => {
  test('is told for five minutes, without what is written', async () => {
    const { save, get, report, time, ana, bo } = await openWithReport();
    const others = async (authorization: string) =>
      (await get(`${report}/drafts`, authorization)).json()._embedded.drafts;
    await save(content, ana, 4);
    expect(await others(ana)).toEqual([]);
    expect(await others(bo)).toEqual([
      {
        member_email: 'ana@acme.example',
        member_username: 'ana',
        base_version: 4,
        saved_at: '2026-11-23T12:00:00.000Z',
        _links: { member: { href: expect.stringContaining('/api/acme/members/') } },
      },
    ]);
    time.nowMs += 5 * 60_000 + 1;
    expect(await others(bo)).toEqual([]);
    await save(content, bo);
    expect(await others(ana)).toHaveLength(1);
  });

  test('is nobody’s business where the report is not', async () => {
    const { call, putReport, bo } = await openWithReport();
    const hidden = `/api/acme/reports/${await putReport(8, { in: 'own' })}`;
    const absent = '/api/acme/reports/0123456789ab';
    const body = { draft: { base_version: 0, content } };
    for (const [method, end, payload] of [
      ['GET', 'draft', undefined],
      ['PUT', 'draft', body],
      ['DELETE', 'draft', undefined],
      ['GET', 'drafts', undefined],
    ] as const) {
      const response = await call(method, `${hidden}/${end}`, bo, payload);
      expect(response.statusCode).toBe(404);
      expect(response.body).toBe((await call(method, `${absent}/${end}`, bo, payload)).body);
    }
  });
});
