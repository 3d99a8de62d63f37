import { type StartParts, startDueRuns } from './start-due.ts';

const TICK_MS = 1000;

/**
 * Starts what is due, every second, until the function that it answers is called, which waits for what is under way. While
 * the store is away nothing is started, and what was due by then once it is back.
 */
export function runScheduler(parts: StartParts): () => Promise<void> {
  let isStopped = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = startDueRuns(parts, () => isStopped)
        .catch(parts.onFailure)
        .then(() => {
          if (!isStopped) timer = schedule();
        });
    }, TICK_MS).unref();
  }

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
