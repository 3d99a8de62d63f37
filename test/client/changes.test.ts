import { describe, expect, test } from 'vitest';
import { type Change, RollcallClient, RollcallError } from '../../src/client/index.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { answer, cut, cutMidway, type Fault, startFaultProxy } from '../support/fault-proxy.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';

async function openClient() {
  const listening = await openListening();
  const { url, bearer, database, acme } = listening;
  const proxy = await startFaultProxy(url);
  const client = new RollcallClient({
    url: proxy.url,
    organization: 'acme',
    bearer,
    retryDelayMs: 1,
  });
  const put = (...numbers: number[]) =>
    putRows(
      database,
      acme,
      lists.reports,
      numbers.map((number) => reportRow(number)),
    );
  const remove = (slots: number[]) =>
    database.transaction((store) =>
      changeRows(store, acme.id, (writer) => writer.remove(lists.reports, slots, 0)),
    );
  return { ...listening, client, proxy, put, remove };
}

const idsOf = (changes: Change[]) =>
  changes.map((change) => {
    if (change.deleted) return -change.id;
    return change.list === 'reports' ? change.row.id : change.list;
  });

describe('changes', () => {
  test('give every row of all lists to who begins with nothing, and end', async () => {
    const listening = await openClient();
    await putInventory(listening);
    const count = async (includeSpaces?: 'all') =>
      (await Array.fromAsync(listening.client.changes({ includeSpaces }))).length;
    expect(await count()).toBe(4 * SHARED + 5);
    expect(await count('all')).toBe(4 * (SHARED + PERSONAL) + 5);
  });

  test('go on from a cursor, which they keep', async () => {
    const { client, put, remove } = await openClient();
    const [slot = 0] = await put(1, 2, 3);
    const first = client.changes({ limit: 2 });
    expect(first.cursor).toBeUndefined();
    expect(idsOf(await Array.fromAsync(first))).toEqual([1, 2, 3]);
    await put(4);
    await remove([slot]);
    const second = client.changes({ after: first.cursor });
    expect(second.cursor).toBe(first.cursor);
    expect(idsOf(await Array.fromAsync(second))).toEqual([4, -1]);
    expect(await Array.fromAsync(client.changes({ after: second.cursor }))).toEqual([]);
  });

  test('give a batch again to who stopped within it', async () => {
    const { client, put } = await openClient();
    await put(1, 2, 3, 4, 5);
    const stopped = client.changes({ limit: 2 });
    const seen: Change[] = [];
    for await (const change of stopped) {
      seen.push(change);
      if (seen.length === 3) break;
    }
    expect(idsOf(seen)).toEqual([1, 2, 3]);
    const rest = await Array.fromAsync(client.changes({ after: stopped.cursor }));
    expect(idsOf(rest)).toEqual([3, 4, 5]);
  });

  test('wait for what comes until their signal is aborted', async () => {
    const { client, put } = await openClient();
    const enough = new AbortController();
    const seen: Change[] = [];
    const following = (async () => {
      for await (const change of client.changes({ wait: 30, signal: enough.signal })) {
        seen.push(change);
        if (seen.length < 3) await put(seen.length + 1);
        else enough.abort(new Error('enough'));
      }
    })();
    await put(1);
    await expect(following).rejects.toThrow('enough');
    expect(idsOf(seen)).toEqual([1, 2, 3]);
  });

  test('come one batch at a time to who asks for it', async () => {
    const { client, proxy, put } = await openClient();
    await put(1, 2);
    const batch = await client.changeBatch({ limit: 1, includeSpaces: 'all', wait: 0 });
    expect([idsOf(batch.changes), batch.more]).toEqual([[1], true]);
    expect(proxy.requests).toEqual(['GET /batch/acme/changes?include_spaces=all&wait=0&limit=1']);
  });

  test('give a waiting server its time', async () => {
    const { client: patient, url, bearer, put } = await openClient();
    const client = new RollcallClient({ url, organization: 'acme', bearer, timeoutMs: 300 });
    const { cursor } = await patient.changeBatch();
    const waiting = client.changeBatch({ after: cursor, wait: 20 });
    setTimeout(() => put(1), 700);
    expect(idsOf((await waiting).changes)).toEqual([1]);
  });
});

describe('a wait that something on the way ends', () => {
  /** Ends each wait after the time for which proxies put up with silence, made short. */
  const afterMs =
    (ms: number, fault: Fault): Fault =>
    (response) =>
      void setTimeout(() => fault(response), ms);

  test.each([
    ['a 504 of a proxy', answer(504, '<h1>Gateway time-out</h1>')],
    ['a closed connection', cut],
    ['a body that ends early', cutMidway],
  ])('is begun again, however often: %s', async (_, fault) => {
    const { url, bearer, put } = await openClient();
    const proxy = await startFaultProxy(url, async (_, number) => {
      if (number === 1 || number === 2) return afterMs(600, fault);
      if (number === 3) await put(2);
      return undefined;
    });
    const options = { organization: 'acme', bearer, retries: 0, retryDelayMs: 1 };
    const client = new RollcallClient({ url: proxy.url, ...options });
    await put(1);
    const enough = new AbortController();
    const seen: Change[] = [];
    const following = (async () => {
      for await (const change of client.changes({ wait: 1, signal: enough.signal })) {
        seen.push(change);
        if (seen.length === 2) enough.abort(new Error('enough'));
      }
    })();
    await expect(following).rejects.toThrow('enough');
    expect(idsOf(seen)).toEqual([1, 2]);
    expect(proxy.requests.length).toBeGreaterThan(3);
  });

  test('is an outage where it fails at once', async () => {
    const { url, bearer } = await openClient();
    const proxy = await startFaultProxy(url, () => cut);
    const options = { organization: 'acme', bearer, retries: 2, retryDelayMs: 1 };
    const client = new RollcallClient({ url: proxy.url, ...options });
    const reading = Array.fromAsync(client.changes({ wait: 60 }));
    await expect(reading).rejects.toMatchObject({ id: 'connection_failed' });
    expect(proxy.requests).toHaveLength(3);
  });
});

describe('a failure', () => {
  test('that may pass is tried again from the same cursor', async () => {
    const { client, proxy, put } = await openClient();
    await put(1, 2, 3);
    proxy.fail((_, number) => (number % 2 === 1 ? cut : undefined));
    expect(idsOf(await Array.fromAsync(client.changes({ limit: 1 })))).toEqual([1, 2, 3]);
  });

  test('of a cursor that is too old says so', async () => {
    const { client, put, remove, database, acme } = await openClient();
    const slots = await put(1, 2);
    const { cursor } = await client.changeBatch();
    await remove(slots);
    await purgeRemoved(database, acme.id, '9999');
    const error = await client.changeBatch({ after: cursor }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RollcallError);
    expect(error).toMatchObject({ id: 'gone', status: 410, hint: expect.stringMatching(/^Crawl/) });
  });

  test('is an answer that is none about changes', async () => {
    const { client, proxy } = await openClient();
    for (const wrong of [
      {},
      { changes: [], cursor: 1, more: false },
      { changes: {}, cursor: '', more: true },
    ]) {
      proxy.fail(() => answer(200, wrong));
      await expect(client.changeBatch()).rejects.toMatchObject({ id: 'unexpected_answer' });
    }
  });

  test('is a client without a bearer', () => {
    const client = new RollcallClient({ url: 'http://127.0.0.1', organization: 'acme' });
    expect(() => client.changes()).toThrow('The client has no bearer');
  });
});
