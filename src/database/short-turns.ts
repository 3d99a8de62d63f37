import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store, Value } from './database.ts';

/** A turn of the event loop that has taken so long is ended after the statement that it is at. */
const LONG_MS = 5;
/** So many of the same statements are made at once. */
const AT_ONCE = 100;

/** When the first statement of this turn was made; undefined where none was. */
let beganMs: number | undefined;

/** What to wait for before anything more is done, where this turn has taken long. */
function endOfLongTurn(): Promise<void> | undefined {
  const nowMs = performance.now();
  if (beganMs !== undefined) return nowMs - beganMs < LONG_MS ? undefined : nextTurn();
  beganMs = nowMs;
  setImmediate(() => {
    beganMs = undefined;
  });
  return undefined;
}

/**
 * The same queries for a store that answers at once: however many are made one after the other, others have their turn in
 * between. Without it a hundred writes in a row would be one turn of the event loop.
 */
export function inShortTurns(store: Store): Store {
  const thenPause = async <Result>(answer: Promise<Result>): Promise<Result> => {
    const result = await answer;
    const end = endOfLongTurn();
    if (end) await end;
    return result;
  };
  return {
    all: (sql, values) => thenPause(store.all(sql, values)),
    everywhere: (sql, values, among) => thenPause(store.everywhere(sql, values, among)),
    get: (sql, values) => thenPause(store.get(sql, values)),
    run: (sql, values) => thenPause(store.run(sql, values)),
    async allEach<Row>(sql: string, valuesOfEach: readonly (readonly Value[])[]) {
      const rows: Row[] = [];
      for (const some of slicesOf(valuesOfEach)) {
        for (const row of await thenPause(store.allEach<Row>(sql, some))) rows.push(row);
      }
      return rows;
    },
    async runEach(sql, valuesOfEach) {
      for (const some of slicesOf(valuesOfEach)) await thenPause(store.runEach(sql, some));
    },
  };
}

function* slicesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}
