const HOUR_MS = 60 * 60 * 1000;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 60 * 1000;

type Work = (isStopped: () => boolean) => Promise<unknown>;
type OnFailure = (error: Error) => void;

/**
 * Does a piece of work every hour until the function that it answers is called, which waits for what is under way. A
 * failure is told, and it is tried again at the next hour.
 *
 * @param work asks now and then whether it is to stop.
 */
export function doHourly(work: Work, onFailure: OnFailure): () => Promise<void> {
  return doAgain(work, onFailure, { firstMs: FIRST_AFTER_MS, everyMs: HOUR_MS });
}

/** The same, first after `firstMs`, then `everyMs` after it was last done. */
export function doAgain(
  work: Work,
  onFailure: OnFailure,
  { firstMs, everyMs }: { firstMs: number; everyMs: number },
): () => Promise<void> {
  let isStopped = false;
  let underWay: Promise<unknown> = Promise.resolve();
  let timer = schedule(firstMs);

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = work(() => isStopped)
        .catch(onFailure)
        .finally(() => {
          if (!isStopped) timer = schedule(everyMs);
        });
    }, ms).unref();
  }

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
