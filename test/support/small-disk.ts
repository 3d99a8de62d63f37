import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './workplace.ts';

/** A disk of its own for a test, which can be filled. */
export type SmallDisk = {
  path: string;
  fill(): void;
  free(): void;
  remount(how: 'ro' | 'rw'): void;
};

/** Mounts one, until the test ends; for tests `testWith('mount')`. */
export function mountSmallDisk(
  megabytes: number,
  { path = temporaryFolder(), owner = 0 } = {},
): SmallDisk {
  const options = `size=${megabytes}m,uid=${owner},gid=${owner},mode=700`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', path]));
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      writeFileSync(filler, '');
      for (let bytes = 1024 * 1024; bytes >= 1; bytes /= 4)
        appendUntilFull(filler, Buffer.alloc(bytes));
    },
    free() {
      truncateSync(filler);
      rmSync(filler);
    },
    remount(how) {
      execFileSync('mount', ['-o', `remount,${how}`, path]);
    },
  };
}

function appendUntilFull(file: string, bytes: Buffer): void {
  try {
    for (;;) appendFileSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
