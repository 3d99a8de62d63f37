import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** As much as Node itself gave it until version 22. */
const LARGEST_BYTES = 32 * 1024 * 1024;

/**
 * Keeps V8's space for new things from growing to the 128 MB that it takes as soon as much is read at once, nearly all of it
 * empty, and gives back when a process has had little to do for long. `--max-semi-space-size` does the same, but can be said
 * to Node when a process starts, and not by the program.
 */
export function limitNewSpace(): void {
  const observer = new PerformanceObserver(() => {
    if (newSpaceBytes() < LARGEST_BYTES) return;
    observer.disconnect();
    setFlagsFromString('--semi-space-growth-factor=1');
  });
  observer.observe({ entryTypes: ['gc'] });
}

export function newSpaceBytes(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
