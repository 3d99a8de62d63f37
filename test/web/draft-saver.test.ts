import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDraftSaver, type SavingState } from '../../web/src/pages/editor/draft-saver.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A saver whose requests end when the test says so. */
function open() {
  const sent: string[] = [];
  const ends: { done: () => void; fail: (error: Error) => void }[] = [];
  const states: SavingState['is'][] = [];
  const saver = createDraftSaver<string>(
    (draft) => {
      sent.push(draft);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.push({ done: resolve, fail: reject });
      return promise;
    },
    ({ is }) => states.push(is),
  );
  return { saver, sent, ends, states };
}

test('a draft is kept once, when one pauses', async () => {
  const { saver, sent, ends, states } = open();
  saver.change('s');
  await vi.advanceTimersByTimeAsync(500);
  saver.change('se');
  await vi.advanceTimersByTimeAsync(799);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['se']);
  ends[0]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(states).toEqual(['waiting', 'waiting', 'saved']);
});

test('what is written while one is on its way follows it', async () => {
  const { saver, sent, ends, states } = open();
  saver.change('a');
  void saver.flush();
  saver.change('b');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toEqual(['a']);
  ends[0]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'b']);
  ends[1]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toBe('saved');
});

test('what failed is tried again', async () => {
  const { saver, sent, ends, states } = open();
  saver.change('a');
  void saver.flush();
  ends[0]?.fail(new Error('The server is away.'));
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toBe('failed');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual(['a', 'a']);
});

test('once stopped, nothing more is kept', async () => {
  const { saver, sent, ends } = open();
  saver.change('a');
  void saver.flush();
  saver.change('b');
  const stopped = saver.stop();
  ends[0]?.fail(new Error('The server is away.'));
  await stopped;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(['a']);
});
