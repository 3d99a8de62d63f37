import type { Readable } from 'node:stream';
import { limitConcurrencyEach } from '../data-sources/limit-concurrency.ts';
import { ApiError } from '../errors.ts';

/** Each takes a process, and the disk that the result lies on meanwhile. */
const AT_ONCE = 4;
/** Less than a connection may lie idle: whoever waited in vain is told so. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Makes a few downloads of each organization at once and has the others wait, so that no organization takes a server's
 * memory, however many it asks for. A download has its turn from before it is opened until its stream is closed.
 */
export function downloadTurns({ atOnce = AT_ONCE, longestWaitMs = LONGEST_WAIT_MS } = {}) {
  const turnsOf = limitConcurrencyEach(atOnce);
  /** @throws ApiError queue_full where it was not its turn in time, or the caller went away. */
  return (
    organizationId: number,
    disconnectSignal: AbortSignal,
    open: () => Promise<Readable>,
  ): Promise<Readable> => {
    const inTurn = turnsOf(organizationId);
    return new Promise((resolve, reject) => {
      let waits = true;
      const giveUp = () => {
        waits = false;
        reject(tooMany(atOnce));
      };
      const timer = setTimeout(giveUp, longestWaitMs);
      const work = async () => {
        clearTimeout(timer);
        if (!waits) return;
        if (disconnectSignal.aborted) return giveUp();
        const stream = await open();
        const closed = new Promise((end) => stream.once('close', end));
        disconnectSignal.addEventListener('abort', () => stream.destroy(), { once: true });
        if (disconnectSignal.aborted) stream.destroy();
        resolve(stream);
        await closed;
      };
      inTurn(work).catch(reject);
    });
  };
}

function tooMany(atOnce: number): ApiError {
  return new ApiError(
    'queue_full',
    `The organization has ${atOnce} ${atOnce === 1 ? 'download' : 'downloads'} in progress, and this one waited too long.`,
    'Try again when they are done.',
  );
}
