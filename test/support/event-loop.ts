import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { CallAnswer, CallOrder } from './calling-program.ts';

/**
 * What a call that somebody sends may take of the server's own thread at once: so many times what reading the largest
 * body that is accepted takes it. A machine that is busy, and slower for it, reads slower, too.
 */
export const MOST_READINGS = 8;

const largestBody = JSON.stringify({ text: 'naïve \n 数\\" '.repeat((4000 * 1024) / 18) });

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

/** What reading the largest body takes now. */
function readingMs(): number {
  const before = processorMs();
  JSON.parse(largestBody);
  return processorMs() - before;
}

/** The least that reading it has taken yet: what a turn is in it is no less than it is in a reading of now. */
let quickestMs = Number.POSITIVE_INFINITY;

function readingNowMs(): number {
  const ms = readingMs();
  quickestMs = Math.min(quickestMs, ms);
  return ms;
}

/**
 * The same in readings of the largest body, for the best of a few times: what is first compiled, and garbage that others
 * left, is no part of what is measured. What stalls does so each time.
 */
export async function longestTurnOf(work: () => Promise<unknown>, times = 5): Promise<number> {
  if (quickestMs === Number.POSITIVE_INFINITY)
    for (let time = 0; time < times; time++) readingNowMs();
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times && best > MOST_READINGS / 2; time++) {
    const turnMs = await longestTurn(work);
    const most = turnMs / quickestMs;
    best = Math.min(best, most > MOST_READINGS / 2 ? turnMs / readingNowMs() : most);
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
