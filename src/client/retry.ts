import { RollcallError } from './errors.ts';

export type RetryPolicy = {
  /** How many times a request is sent again. */
  retries: number;
  /** The wait before the first retry, doubled for each further one. */
  retryDelayMs: number;
  /** The longest wait, whatever the server asks for. */
  maxRetryDelayMs: number;
};

/** Whether it is a failure after which the same request may well work later. */
export function isTransient(error: unknown): error is RollcallError {
  return error instanceof RollcallError && error.isTransient;
}

/**
 * How long to wait before the `retry`-th retry, counted from 1: at least what the server asked for, up to the longest
 * wait. The random half keeps many clients from coming back at the same moment.
 */
export function retryDelay(
  { retryDelayMs, maxRetryDelayMs }: RetryPolicy,
  retry: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const backOffMs = retryDelayMs * 2 ** (retry - 1) * (0.5 + random() / 2);
  return Math.min(Math.max(backOffMs, retryAfterMs), maxRetryDelayMs);
}

/** The wait that a Retry-After header asks for, in seconds or until a date; undefined where it is neither. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const timeMs = Date.parse(header);
  return Number.isNaN(timeMs) ? undefined : Math.max(0, timeMs - nowMs);
}

/** Resolves after this time; rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
