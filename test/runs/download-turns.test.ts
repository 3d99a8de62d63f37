import { PassThrough, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { downloadTurns } from '../../src/runs/download-turns.ts';

const stays = new AbortController().signal;

/** Downloads of a server that makes two of an organization at once, and those of them that were opened. */
function openTurns(options: { longestWaitMs?: number } = {}) {
  const inTurn = downloadTurns({ atOnce: 2, ...options });
  const opened: PassThrough[] = [];
  const open = async () => {
    const stream = new PassThrough();
    opened.push(stream);
    return stream;
  };
  return {
    opened,
    inTurn,
    ask: (organizationId = 1, disconnectSignal = stays): Promise<Readable> => {
      const asked = inTurn(organizationId, disconnectSignal, open);
      asked.catch(() => undefined);
      return asked;
    },
  };
}

test('two of an organization are made at once, the next when one is closed, and another organization’s do not wait', async () => {
  const { ask, opened } = openTurns();
  const [first] = await Promise.all([ask(), ask()]);
  const third = ask();
  await ask(2);
  await setImmediate();
  expect(opened).toHaveLength(3);
  first.destroy();
  await third;
  expect(opened).toHaveLength(4);
});

test('one that is read to its end, fails, or cannot be opened gives its turn back', async () => {
  const { ask, inTurn, opened } = openTurns();
  for (let round = 0; round < 3; round++) {
    const [read, failing] = await Promise.all([ask(), ask()]);
    opened.at(-2)?.end('rows');
    expect(String(await read.toArray())).toBe('rows');
    failing.once('error', () => undefined);
    opened.at(-1)?.destroy(new Error('It failed.'));
    const missing = inTurn(1, stays, () => Promise.reject(new Error('There is none.')));
    await expect(missing).rejects.toThrow('There is none.');
  }
});

test('who hangs up while a download is made ends it, and while it waits never has it made', async () => {
  const { ask, opened } = openTurns();
  const caller = new AbortController();
  await Promise.all([ask(1, caller.signal), ask(1, caller.signal)]);
  const waiting = ask(1, caller.signal);
  const next = ask();
  caller.abort();
  await expect(waiting).rejects.toMatchObject({ id: 'queue_full' });
  await next;
  expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
});

test('who hangs up while a download is opened ends it', async () => {
  const { inTurn } = openTurns();
  const caller = new AbortController();
  const stream = new PassThrough();
  await inTurn(1, caller.signal, async () => {
    caller.abort();
    return stream;
  });
  expect(stream.destroyed).toBe(true);
});

test('who has waited too long is told so, and takes no turn from others', async () => {
  const { ask, opened } = openTurns({ longestWaitMs: 1 });
  const [first] = await Promise.all([ask(), ask()]);
  await expect(ask()).rejects.toMatchObject({
    id: 'queue_full',
    message: expect.stringContaining('2 downloads in progress'),
  });
  first.destroy();
  await ask();
  expect(opened).toHaveLength(3);
});
