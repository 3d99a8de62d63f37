import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/database/database.ts';
import { Nodes } from '../../src/database/nodes.ts';

/** Organizations 1 and 3 on the node a, 2 and 4 on b. */
function nodesOf(times: { patienceMs: number; retryMs: number }): Nodes {
  const store = {
    all: async <Row>() => [1, 2, 3, 4].map((id) => ({ id })) as Row[],
    everywhere: async <Row>(_sql: unknown, _values: unknown, ids: readonly number[] = []) =>
      ids.map((id) => ({ id, node: id % 2 ? 'a' : 'b' })) as Row[],
  };
  return new Nodes(store, times);
}

test('each node is asked for its organizations, or for some of them', async () => {
  const nodes = nodesOf({ patienceMs: 1_000, retryMs: 0 });
  const asked = (ids: readonly number[]) => Promise.resolve([[...ids]]);
  expect(await nodes.ask(asked, undefined)).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(await nodes.ask(asked, [4, 1])).toEqual([[4], [1]]);
  expect(await nodes.ask(asked, [])).toEqual([]);
  expect(nodes.lost).toEqual([]);
});

test('a node that fails or hangs keeps nobody from the rows of the others, and comes back', async () => {
  const nodes = nodesOf({ patienceMs: 20, retryMs: 0 });
  let b: () => Promise<void> = () => Promise.reject(new StoreUnavailableError('is down'));
  const ask = () =>
    nodes.ask(async (ids) => {
      if (ids.includes(2)) await b();
      return [...ids];
    }, undefined);
  expect(await ask()).toEqual([1, 3]);
  expect(nodes.lost).toEqual([{ node: 'b', reason: 'is down' }]);
  b = () => sleep(0);
  // It is asked again, and nobody waits for that.
  expect(await ask()).toEqual([1, 3]);
  await expect.poll(() => nodes.lost).toEqual([]);
  expect(await ask()).toEqual([1, 3, 2, 4]);
  b = () => new Promise(() => undefined);
  expect(await ask()).toEqual([1, 3]);
  expect(nodes.lost).toEqual([{ node: 'b', reason: 'no response within 20 ms' }]);
});

test('a statement that is wrong is not taken for a node that is lost', async () => {
  const nodes = nodesOf({ patienceMs: 1_000, retryMs: 0 });
  const wrong = () => Promise.reject(new Error('syntax error'));
  await expect(nodes.ask(wrong, undefined)).rejects.toThrow('syntax error');
  expect(nodes.lost).toEqual([]);
});
