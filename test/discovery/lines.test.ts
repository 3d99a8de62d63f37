import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme(count: number) {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const rows = Array.from({ length: count }, (_, index) => reportRow(index + 1));
  const slots = await putRows(workplace.database, acme, lists.reports, rows);
  await putRows(workplace.database, acme, lists.reports, [reportRow(9_999_999)], {
    personal: true,
  });
  const bearer = await makeBearer(workplace.database, acme);
  const ask = (query = '', headers: Record<string, string> = {}) =>
    workplace.send({
      url: `/batch/acme/reports?${query}`,
      headers: { authorization: bearer, accept: 'application/x-ndjson', ...headers },
    });
  return { ...workplace, acme, slots, bearer, ask };
}

const rowsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a list as lines holds the rows of all pages, in their order', async () => {
  const { ask, get, bearer } = await openAcme(1500);
  const response = await ask();
  expect(response.headers).toMatchObject({
    'content-type': 'application/x-ndjson',
    vary: 'Accept, Accept-Encoding',
  });
  const pages = await Promise.all(
    [1, 2].map(
      async (page) => (await get(`/batch/acme/reports?page=${page}`, bearer)).json().reports,
    ),
  );
  expect(rowsIn(response.body)).toEqual(pages.flat());
  expect(rowsIn((await ask('include_spaces=all')).body)).toHaveLength(1501);
});

test('an empty list is no line at all', async () => {
  const { ask } = await openAcme(0);
  const response = await ask();
  expect(response.statusCode).toBe(200);
  expect(response.body).toBe('');
});

test('a stream that was cut off looked whole: where it is asked for, a last line says how many rows there are', async () => {
  const { ask } = await openAcme(100);
  const end = { list: 'reports', rows: 100 };
  const lines = rowsIn((await ask('end_line=true')).body);
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toEqual({ end });
  const all = rowsIn((await ask('end_line=true&include_spaces=all')).body);
  expect(all.at(-1)).toEqual({ end: { ...end, rows: 101, include_spaces: 'all' } });
  // What goes on has an end of the whole list, too, so that the parts together are proved by it.
  const rest = rowsIn((await ask(`end_line=true&after=${lines[69].token}`)).body);
  expect(rest).toEqual([...lines.slice(70, 100), { end }]);
  expect(rowsIn((await ask('end_line=false')).body)).toHaveLength(100);
  expect((await ask('end_line=yes')).statusCode).toBe(400);
});

test('it goes on after the row of a token', async () => {
  const { ask } = await openAcme(100);
  const whole = rowsIn((await ask()).body);
  expect(rowsIn((await ask(`after=${whole[69].token}`)).body)).toEqual(whole.slice(70));
  expect((await ask(`after=${whole[99].token}`)).body).toBe('');
  const unknown = await ask('after=nothing');
  expect(unknown.statusCode).toBe(400);
  expect(unknown.json().message).toBe(
    'after is "nothing", which is not the token of a row of reports, nor of a remembered deletion.',
  );
});

describe('a stream that was cut off goes on after a row that', () => {
  async function openCut() {
    const acme = await openAcme(100);
    const whole = rowsIn((await acme.ask()).body);
    const { token } = whole[69];
    const change = (work: (writer: RowWriter) => Promise<unknown>) =>
      acme.database.transaction((store) => changeRows(store, acme.acme.id, work));
    const remove = (indexes: number[], nowMs = 0) =>
      change((writer) =>
        writer.remove(
          lists.reports,
          indexes.map((index) => acme.slots[index] as number),
          nowMs,
        ),
      );
    const goOn = () => acme.ask(`after=${token}`);
    return { ...acme, whole, token, remove, goOn };
  }

  test('was deleted meanwhile', async () => {
    const { remove, goOn, whole } = await openCut();
    await remove([3, 69, 80]);
    expect(rowsIn((await goOn()).body)).toEqual([...whole.slice(70, 80), ...whole.slice(81)]);
  });

  test('was deleted meanwhile with all that was before it', async () => {
    const { remove, goOn, whole } = await openCut();
    await remove(Array.from({ length: 70 }, (_, index) => index));
    expect(rowsIn((await goOn()).body)).toEqual(whole.slice(70));
  });

  test('was deleted and came back, at the end of the list, and leaves nothing out', async () => {
    const { remove, goOn, whole, database, acme } = await openCut();
    await remove([69]);
    await putRows(database, acme, lists.reports, [reportRow(70)]);
    expect(rowsIn((await goOn()).body)).toEqual([...whole.slice(70), whole[69]]);
  });

  test('was deleted as long as that is remembered', async () => {
    const { remove, goOn, database, acme, token } = await openCut();
    await remove([69], Date.UTC(2026, 0, 1));
    await purgeRemoved(database, acme.id, '2026-01-01T00:00:00.000Z');
    expect((await goOn()).statusCode).toBe(200);
    await purgeRemoved(database, acme.id, '2026-01-02T00:00:00.000Z');
    const forgotten = await goOn();
    expect(forgotten.statusCode).toBe(400);
    expect(forgotten.json().message).toContain(`"${token}", which is not the token of a row`);
    expect(forgotten.json().hint).toMatch(/deleted long ago. Resume after an earlier row/);
  });

  test('was deleted, but not from another organization’s list', async () => {
    const { send, database, token, remove } = await openCut();
    await remove([69]);
    const other = await makeOrganization(database, 'other');
    const headers = {
      authorization: await makeBearer(database, other),
      accept: 'application/x-ndjson',
    };
    const refused = await send({ url: `/batch/other/reports?after=${token}`, headers });
    expect(refused.statusCode).toBe(400);
  });
});

test('it is encoded as it is sent', async () => {
  const { ask } = await openAcme(500);
  const plain = (await ask()).body;
  const gzip = await ask('', { 'accept-encoding': 'gzip' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain);
  const zstd = await ask('', { 'accept-encoding': 'zstd' });
  expect(zstdDecompressSync(zstd.rawPayload).toString()).toBe(plain);
});

test('is from one snapshot, whatever is written while it is read', async () => {
  const { database, acme, server, slots, bearer } = await openAcme(20_000);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(`${url}/batch/acme/reports`, {
    headers: { authorization: bearer, accept: 'application/x-ndjson' },
  });
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const pieces = [(await reader.read()).value as Uint8Array];
  await database.transaction((store) =>
    changeRows(store, acme.id, (writer) => writer.remove(lists.reports, slots.slice(10), 0)),
  );
  // Another request brings the list up to date while the first one is still being read.
  await fetch(`${url}/batch/acme/reports?per_page=1`, { headers: { authorization: bearer } });
  for (let next = await reader.read(); !next.done; next = await reader.read())
    pieces.push(next.value);
  expect(rowsIn(Buffer.concat(pieces).toString())).toHaveLength(20_000);
});

test('who does not ask for lines by name gets pages', async () => {
  const { ask } = await openAcme(3);
  for (const accept of ['*/*', 'application/json', 'text/html, */*;q=0.1']) {
    expect((await ask('', { accept })).headers['content-type']).toBe(
      'application/json; charset=utf-8',
    );
  }
});

test('a bad parameter or credential is refused as for pages', async () => {
  const { ask, send } = await openAcme(3);
  expect((await ask('include_spaces=some')).statusCode).toBe(400);
  const headers = { accept: 'application/x-ndjson' };
  expect((await send({ url: '/batch/acme/reports', headers })).statusCode).toBe(401);
});
