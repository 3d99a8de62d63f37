import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { HeadWatch } from '../../src/inventory/head-watch.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { findRows, getPosition } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import { bodyOf, crawlAll, Follower, newRow, type WireBatch } from '../support/changes.ts';
import { listen, openConnection } from '../support/connection.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const { database } = workplace;
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const ask = (query = '') => workplace.get(`/batch/acme/changes${query}`, bearer);
  const read = async (query = ''): Promise<WireBatch> => (await ask(query)).json<WireBatch>();
  const write = <Result>(work: (writer: RowWriter) => Promise<Result>) =>
    database.transaction((store) => changeRows(store, acme.id, work));
  const put = (name: ListName, count = 1, options: Parameters<typeof newRow>[1] = {}) =>
    write((writer) =>
      writer.insert(
        lists[name],
        Array.from({ length: count }, () => newRow(lists[name], options)),
      ),
    );
  const change = (name: ListName, slot: number, more: { personal?: boolean } = {}) =>
    write(async (writer) => {
      const [row] = await findRows(database, acme.id, lists[name], 'slot', [slot]);
      if (row === undefined) throw new Error(`There is no row ${slot}.`);
      await writer.update(lists[name], [{ ...row, ...more }]);
    });
  const remove = (name: ListName, ...slots: number[]) =>
    write((writer) => writer.remove(lists[name], slots, workplace.time.nowMs));
  const cursor = async () => (await read()).cursor;
  return { ...workplace, acme, bearer, ask, read, write, put, change, remove, cursor };
}

/** What a batch tells, in short: `+reports1` is a row, `-reports1` a removal. */
const told = ({ changes }: WireBatch) =>
  changes.map(({ list, place, row }) => `${row ? '+' : '-'}${list}${place}`);

describe('a batch', () => {
  test('is these bytes', async () => {
    const { ask, write, cursor } = await openAcme();
    const row = { parent: null, personal: false, sourceId: null };
    const body = bodyOf(lists.spaces, 1, 'a"', '“ü” \u2028 </script>');
    await write(async (writer) => {
      await writer.insert(lists.spaces, [{ ...row, id: 1, token: 'a"', body }]);
      const gone = { ...row, id: 2, token: 'b\\', body: bodyOf(lists.reports, 2, 'b\\', '') };
      const slots = await writer.insert(lists.reports, [gone]);
      await writer.remove(lists.reports, slots, 0);
    });
    const response = await ask();
    expect(response.body).toBe(
      `{"changes":[{"list":"spaces","place":1,"row":${body}},` +
        '{"list":"reports","place":2,"id":2,"token":"b\\\\","deleted":true}],' +
        `"cursor":"${await cursor()}","more":false}`,
    );
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.body)));
    expect(response.headers['rollcall-cursor']).toBe(await cursor());
    expect(response.headers['cache-control']).toBe('private, no-store');
  });

  test('of an organization without rows is empty, whatever its limit', async () => {
    const { read } = await openAcme();
    for (const query of ['', '?limit=1', '?wait=0']) {
      expect(await read(query)).toMatchObject({ changes: [], more: false });
    }
  });

  test('has all lists in the order of their changes, each row once and as it is now', async () => {
    const { put, change, remove, read } = await openAcme();
    const places: Record<string, number> = {};
    const names = Object.keys(lists) as ListName[];
    for (const name of names) [places[name] = 0] = await put(name);
    await change('spaces', places.spaces as number);
    await remove('reports', places.reports as number);
    const unchanged = names.filter((name) => name !== 'spaces' && name !== 'reports');
    expect(told(await read())).toEqual([
      ...unchanged.map((name) => `+${name}${names.indexOf(name) + 1}`),
      '+spaces3',
      '-reports1',
    ]);
  });

  test('has what came after its cursor, and nothing where nothing did', async () => {
    const { put, read, cursor } = await openAcme();
    await put('reports', 3);
    const after = await cursor();
    expect(await read(`?after=${after}`)).toEqual({ changes: [], cursor: after, more: false });
    await put('charts');
    const batch = await read(`?after=${after}`);
    expect(told(batch)).toEqual(['+charts4']);
    expect(told(await read(`?after=${batch.cursor}`))).toEqual([]);
  });

  test('has as many changes as its limit, and says whether there are more', async () => {
    const { put, read } = await openAcme();
    await put('reports', 5);
    const first = await read('?limit=2');
    expect([told(first), first.more]).toEqual([['+reports1', '+reports2'], true]);
    const second = await read(`?limit=2&after=${first.cursor}`);
    expect([told(second), second.more]).toEqual([['+reports3', '+reports4'], true]);
    const third = await read(`?limit=1&after=${second.cursor}`);
    expect([told(third), third.more]).toEqual([['+reports5'], false]);
  });

  test('is 1,000 changes where no limit is given', async () => {
    const { put, read } = await openAcme();
    await put('reports', 1001);
    const first = await read();
    expect([first.changes.length, first.more]).toEqual([1000, true]);
    expect(told(await read(`?after=${first.cursor}`))).toEqual(['+reports1001']);
  });
});

describe('without include_spaces=all', () => {
  test('what was never outside personal spaces leaves no trace but in the cursor', async () => {
    const { put, change, remove, read } = await openAcme();
    const [, second = 0] = await put('reports', 3, { personal: true });
    await change('reports', second);
    await remove('reports', second);
    expect(await read()).toMatchObject({ changes: [], more: false });
    expect(told(await read('?include_spaces=all'))).toEqual([
      '+reports1',
      '+reports3',
      '-reports2',
    ]);
  });

  test('what becomes personal is gone, and is back when it is shared again', async () => {
    const { put, change, read } = await openAcme();
    const [slot = 0] = await put('queries');
    await change('queries', slot, { personal: true });
    const hidden = await read();
    expect(hidden.changes).toMatchObject([{ list: 'queries', place: slot, deleted: true }]);
    expect(told(await read('?include_spaces=all'))).toEqual(['+queries1']);
    await change('queries', slot, { personal: false });
    expect(told(await read(`?after=${hidden.cursor}`))).toEqual(['+queries1']);
  });

  test('what was once shared and is removed from a personal space is gone', async () => {
    const { put, change, remove, read } = await openAcme();
    const [slot = 0] = await put('queries', 1, { personal: true });
    await change('queries', slot, { personal: false });
    await change('queries', slot, { personal: true });
    await remove('queries', slot);
    expect(told(await read())).toEqual(['-queries1']);
  });

  test('spaces and members are whole', async () => {
    const { put, remove, read } = await openAcme();
    const [, second = 0] = await put('spaces', 2, { personal: true });
    await put('members', 1);
    await remove('spaces', second);
    expect(told(await read())).toEqual(['+spaces1', '+members3', '-spaces2']);
  });

  test('a batch of personal things alone is empty, and says that there is more', async () => {
    const { put, read } = await openAcme();
    await put('reports', 4, { personal: true });
    await put('reports');
    const first = await read('?limit=2');
    expect([told(first), first.more]).toEqual([[], true]);
    const second = await read(`?limit=3&after=${first.cursor}`);
    expect([told(second), second.more]).toEqual([['+reports5'], false]);
  });
});

describe('a list', () => {
  test('says in Rollcall-Cursor where its reader may go on, as a page, as lines, and unchanged', async () => {
    const { get, server, bearer, put, read, change } = await openAcme();
    const [slot = 0] = await put('reports', 3);
    const url = '/batch/acme/reports?per_page=2';
    const page = await get(url, bearer);
    const cursor = page.headers['rollcall-cursor'];
    expect(await read(`?after=${cursor}`)).toEqual({ changes: [], cursor, more: false });
    const asked: Record<string, string>[] = [
      { accept: 'application/x-ndjson' },
      { 'if-none-match': String(page.headers.etag) },
    ];
    for (const more of asked) {
      const response = await server.inject({ url, headers: { authorization: bearer, ...more } });
      expect(response.headers['rollcall-cursor']).toBe(cursor);
    }
    await put('charts');
    await change('reports', slot);
    expect(told(await read(`?after=${cursor}`))).toEqual(['+charts4', '+reports1']);
    const later = (await get('/batch/acme/reports', bearer)).headers['rollcall-cursor'];
    expect(told(await read(`?after=${later}`))).toEqual([]);
  });
});

describe('who may ask', () => {
  test('is who may read the lists', async () => {
    const { get, bearer, database, acme } = await openAcme();
    for (const credential of [undefined, 'Bearer bm8=', await makeBasic(database, acme)]) {
      const response = await get('/batch/acme/changes?after=nonsense', credential);
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
    }
    const other = await get('/batch/other/changes?after=nonsense', bearer);
    expect(other.json()).toMatchObject({ id: 'not_found', message: 'Organization not found.' });
  });

  test('sees the changes of one organization only, and its cursors are good for no other', async () => {
    const { database, get, put, cursor, acme } = await openAcme();
    await put('reports', 3);
    const other = await makeOrganization(database, 'other');
    const stranger = await makeBearer(database, other);
    expect((await get('/batch/other/changes', stranger)).json().changes).toEqual([]);
    const response = await get(`/batch/other/changes?after=${await cursor()}`, stranger);
    expect(response.statusCode).toBe(410);
    expect(response.body).not.toContain(acme.username);
  });
});

describe('a parameter that makes no sense', () => {
  test.each([
    ['after=', 'after is ""; it must be a cursor'],
    ['after=12', 'after is "12"; it must be a cursor'],
    ['after=0123456789ab-01', 'after is "0123456789ab-01"'],
    ['after=0123456789ab--1', 'after is "0123456789ab--1"'],
    ['after=0123456789AB-1', 'after is "0123456789AB-1"'],
    ['after=0123456789ab-12345678901234567', 'it must be a cursor'],
    ['after=0123456789ab-1&after=0123456789ab-1', 'after is given 2 times'],
    ['include_spaces=none', 'include_spaces is "none"; it must be "all".'],
    ['wait=61', 'wait is "61"; it must be a whole number from 0 to 60'],
    ['wait=-1', 'wait is "-1"'],
    ['wait=1.5', 'wait is "1.5"'],
    ['limit=0', 'limit is "0"; it must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit is "1001"'],
    ['after=x&include_spaces=y&wait=z&limit=0', 'after is "x"'],
    ['limit=0&wait=z&include_spaces=y', 'include_spaces is "y"'],
  ])('is refused: %s', async (query, complaint) => {
    const { ask } = await openAcme();
    const response = await ask(`?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ id: 'bad_request' });
    expect(response.json().message).toContain(complaint);
  });

  test('is none where a client of the Discovery API would send it', async () => {
    const { put, read } = await openAcme();
    await put('reports', 1, { personal: true });
    expect(told(await read('?include_spaces=all?limit=5&format=json'))).toEqual(['+reports1']);
  });
});

describe('a cursor that is too old', () => {
  test('is told so, with what to do', async () => {
    const { database, acme, put, remove, ask, cursor, time } = await openAcme();
    const [slot = 0] = await put('reports', 2);
    const old = await cursor();
    await remove('reports', slot);
    const justInTime = await cursor();
    await put('reports');
    time.nowMs += 1;
    expect(await purgeRemoved(database, acme.id, new Date(time.nowMs).toISOString())).toBe(1);
    const response = await ask(`?after=${old}`);
    expect(response.statusCode).toBe(410);
    expect(response.json()).toEqual({
      id: 'gone',
      message: `Some deletions after "${old}" were purged.`,
      hint: expect.stringMatching(/^Crawl all lists again, then continue from the Rollcall-Cursor/),
    });
    expect((await ask(`?after=${justInTime}`)).json().changes).toHaveLength(1);
  });

  test('is none of somebody who is still reading what was there when the reading began', async () => {
    const place = await openAcme();
    const { database, acme, bearer, put, remove, time } = place;
    const slots = await put('reports', 20);
    await remove('reports', ...slots.slice(10, 13));
    const follower = new Follower(place, 'acme', bearer);
    await follower.step(4);
    const purge = () => purgeRemoved(database, acme.id, new Date(time.nowMs + 1).toISOString());
    expect(await purge()).toBe(3);
    await follower.step(4);
    expect(follower.restarts).toBe(0);
    // What goes now, it was told that it is there.
    await remove('reports', slots[0] as number);
    expect(await purge()).toBe(1);
    await follower.catchUp(4);
    expect(follower.restarts).toBe(1);
    expect(follower.copy()).toEqual(await crawlAll(place, 'acme', bearer));
  });

  test('is one of a time that a restored backup does not know', async () => {
    const { database, acme, put, ask, cursor } = await openAcme();
    await put('reports', 3);
    const after = await cursor();
    await database.run('update organizations set position = 2 where id = ?', [acme.id]);
    expect((await ask(`?after=${after}`)).json().message).toMatch(/restored from a backup/);
    await database.run('update organizations set position = 3, epoch = ? where id = ?', [
      '0123456789ab',
      acme.id,
    ]);
    expect((await ask(`?after=${after}`)).statusCode).toBe(410);
  });
});

describe('purging', () => {
  test('takes what was removed before a time and leaves all else, many at once', async () => {
    const { database, acme, put, remove, time, read } = await openAcme();
    const slots = await put('reports', 1300);
    await remove('reports', ...slots.slice(0, 1200));
    const before = new Date(time.nowMs + 1).toISOString();
    time.nowMs += 1000;
    await remove('reports', slots[1200] as number);
    expect(await purgeRemoved(database, acme.id, before)).toBe(1200);
    expect(await purgeRemoved(database, acme.id, before)).toBe(0);
    expect(told(await read()).filter((one) => one.startsWith('-'))).toEqual(['-reports1201']);
    const left = await database.get<{ count: number }>(
      'select count(*) as count from discovery_rows where organization_id = ?',
      [acme.id],
    );
    expect(left?.count).toBe(100);
  });

  test('stops between two transactions where it is told to', async () => {
    const { database, acme, put, remove } = await openAcme();
    const slots = await put('reports', 700);
    await remove('reports', ...slots);
    let asked = 0;
    expect(await purgeRemoved(database, acme.id, '9999', () => asked++ > 0)).toBe(500);
  });
});

describe('waiting', () => {
  test('answers at once where there is something, or more to look at', async () => {
    const { put, ask, cursor } = await openAcme();
    const startedMs = performance.now();
    await put('reports', 1);
    expect((await ask('?wait=60')).json().changes).toHaveLength(1);
    const after = await cursor();
    await put('reports', 2, { personal: true });
    expect((await ask(`?wait=60&limit=1&after=${after}`)).json()).toMatchObject({ more: true });
    expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
  });

  test('ends with what another process does meanwhile, for all who wait', async () => {
    const { config, acme, read, cursor } = await openAcme();
    const otherProcess = await openStore(config);
    onTestFinished(() => otherProcess.close());
    const after = await cursor();
    const waiting = Array.from({ length: 5 }, () => read(`?wait=60&after=${after}`));
    await sleep(300);
    await otherProcess.transaction((store) =>
      changeRows(store, acme.id, (writer) => writer.insert(lists.charts, [newRow(lists.charts)])),
    );
    for (const batch of await Promise.all(waiting)) expect(told(batch)).toEqual(['+charts1']);
  });

  test('goes on where what happens lies in personal spaces, and moves the cursor past it', async () => {
    const { put, read, cursor } = await openAcme();
    const after = await cursor();
    await put('charts', 1, { personal: true });
    const moved = await cursor();
    expect(moved).not.toBe(after);
    const ended = await read(`?wait=1&after=${after}`);
    expect(ended).toEqual({ changes: [], cursor: moved, more: false });

    const waiting = read(`?wait=60&after=${moved}`);
    await put('charts', 1, { personal: true });
    await put('charts', 1);
    const batch = await waiting;
    expect([told(batch), batch.cursor]).toEqual([['+charts3'], await cursor()]);
  });

  test('ends when the time is over', async () => {
    const { read, cursor } = await openAcme();
    const after = await cursor();
    const startedMs = performance.now();
    expect(await read(`?wait=1&after=${after}`)).toEqual({
      changes: [],
      cursor: after,
      more: false,
    });
    expect(performance.now() - startedMs).toBeGreaterThan(900);
  });

  test('ends when the server stops, with an answer', async () => {
    const { server, bearer } = await openAcme();
    const port = await listen(server);
    const { socket, answer } = await openConnection(port);
    socket.write(
      `GET /batch/acme/changes?wait=60 HTTP/1.1\r\nHost: a\r\nAuthorization: ${bearer}\r\nConnection: close\r\n\r\n`,
    );
    await sleep(300);
    const startedMs = performance.now();
    await server.close();
    expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK.*"changes":\[\]/s);
  });

  test('asks the store once for all, and not at all once nobody waits', async () => {
    const { database, acme, put } = await openAcme();
    let asked = 0;
    const everywhere: typeof database.everywhere = (sql, values, among) => {
      asked++;
      return database.everywhere(sql, values, among);
    };
    const everyMs = 20;
    const watch = new HeadWatch({ everywhere }, { everyMs });
    const startedMs = performance.now();
    const hangUp = new AbortController();
    const forEver = new AbortController().signal;
    const left = watch.changeAfter(acme.id, 0, hangUp.signal);
    const waiting = Array.from({ length: 50 }, () => watch.changeAfter(acme.id, 0, forEver));
    hangUp.abort();
    await left;
    await expect.poll(() => asked).toBeGreaterThan(5);
    expect(asked).toBeLessThanOrEqual(2 + (performance.now() - startedMs) / everyMs);
    await put('reports');
    await Promise.all(waiting);
    expect(await getPosition(database, acme.id)).toBe(1);
    await sleep(50);
    const before = asked;
    await sleep(100);
    expect(asked).toBe(before);
  });

  test('does not read a store that was closed after the last waiter left', async () => {
    let isClosed = false;
    let askedLate = 0;
    const commits = () => {
      if (isClosed) askedLate++;
      return 1;
    };
    const watch = new HeadWatch({ everywhere: async () => [], commits }, { everyMs: 5 });
    const hangUp = new AbortController();
    const left = watch.changeAfter(1, 0, hangUp.signal);
    await sleep(20);
    hangUp.abort();
    await left;
    isClosed = true;
    await sleep(50);
    expect(askedLate).toBe(0);
  });

  test('fails for all where the store does', async () => {
    const everywhere = async () => Promise.reject(new Error('gone fishing'));
    const watch = new HeadWatch({ everywhere }, { everyMs: 5 });
    const { signal } = new AbortController();
    const waiting = [1, 2].map(() => watch.changeAfter(1, 0, signal));
    for (const one of waiting) await expect(one).rejects.toThrow('gone fishing');
  });
});
