import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { SearchOrder } from '../../src/report-index/search-order.ts';
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

test('a file that was thrown away while it was brought up to date was taken for one that has all of it', async () => {
  const thread = new SearchThread();
  onTestFinished(() => thread.close());
  const path = join(temporaryFolder(), 'file');
  await thread.tell({ kind: 'apply', path, rows: [], since: 7 });
  expect(await thread.tell({ kind: 'read', path })).toEqual({ kind: 'done', unread: 0 });
  await thread.tell({ kind: 'discard', path });
  const parts: SearchOrder[] = [
    { kind: 'apply', path, rows: [] },
    { kind: 'read', path },
    { kind: 'reach', path, position: 7 },
  ];
  for (const part of parts) {
    expect(await thread.tell(part)).toEqual({ kind: 'broken' });
  }
  expect(await thread.tell({ kind: 'look', path })).toMatchObject({ position: 0 });
});
