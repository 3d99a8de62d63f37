import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { CallAnswer, CallOrder } from './calling-program.ts';

/** What a call that somebody sends may take of the server's own thread at once, in milliseconds of its processor time. */
export const MOST_MS = 20;

const processorMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The most processor time that one turn of this thread's event loop takes while something is done. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let last = processorMs();
  const look = () => {
    const now = processorMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  look();
  return longest;
}

/**
 * The same for the best of a few times: what is first compiled, and garbage that others left, is no part of what is
 * measured. What stalls does so each time.
 */
export async function longestTurnOf(work: () => Promise<unknown>, times = 5): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times && best > MOST_MS / 2; time++) {
    best = Math.min(best, await longestTurn(work));
  }
  return best;
}

/** Calls servers from another thread. */
export function openCaller(): (order: CallOrder) => Promise<CallAnswer> {
  const worker = new Worker(new URL('./calling-program.ts', import.meta.url));
  onTestFinished(async () => void (await worker.terminate()));
  const waiting = new Map<number, (answer: CallAnswer) => void>();
  worker.on('message', ({ number, body }: { number: number; body: CallAnswer }) => {
    waiting.get(number)?.(body);
    waiting.delete(number);
  });
  let last = 0;
  return (order) => {
    const number = ++last;
    worker.postMessage({ number, order });
    return new Promise((resolve) => waiting.set(number, resolve));
  };
}
