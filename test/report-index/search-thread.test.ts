import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { SearchThread } from '../../src/report-index/search-thread.ts';
import { temporaryFolder } from '../support/workplace.ts';

test('a thread that has nothing to do ends, and another one begins when there is something', async () => {
  const thread = new SearchThread({ idleMs: 50 });
  onTestFinished(() => thread.close());
  const look = () => thread.tell({ kind: 'look', path: join(temporaryFolder(), 'file') });
  expect(thread.isRunning).toBe(false);
  const first = await look();
  expect(thread.isRunning).toBe(true);
  while (thread.isRunning) await sleep(10);
  // Asked while the thread before it is still ending.
  expect(await Promise.all([look(), look()])).toEqual([first, first]);
  expect(thread.isRunning).toBe(true);
});
