import { vi } from 'vitest';
import { FAR_TOO_LONG_MS } from './far-too-long.ts';

/** Checks again and again until it passes, for as long as only what hangs takes. */
export function waitFor<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: FAR_TOO_LONG_MS, interval: 10 });
}
