const HOUR_MS = 60 * 60 * 1000;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 60 * 1000;

/**
 * Does a piece of work every hour until the function that it answers is called, which waits for what is under way. A
 * failure is told, and it is tried again at the next hour.
 *
 * @param work asks now and then whether it is to stop.
 */
export function doHourly(
  work: (isStopped: () => boolean) => Promise<unknown>,
  onFailure: (error: Error) => void,
): () => Promise<void> {
  let isStopped = false;
  let underWay: Promise<unknown> = Promise.resolve();
  let timer = schedule(FIRST_AFTER_MS);

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = work(() => isStopped).catch(onFailure);
      timer = schedule(HOUR_MS);
    }, ms).unref();
  }

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
