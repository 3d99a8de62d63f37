import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'rollcall-tests-';

/**
 * One folder for all that a run of the tests puts into the temporary directory, whichever of its processes does, gone
 * when the run ends. A run that is killed leaves its folder behind: the next run removes it.
 */
export function setup(): () => void {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const [, pid] = /^rollcall-tests-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) remove(join(parent, name));
  }
  const folder = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  // PostgreSQL runs as another user where we are root: it may enter, and list nothing.
  chmodSync(folder, 0o711);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    remove(folder);
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is running too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** What another user left there is theirs to remove. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    console.warn(`${folder} stays behind: ${(error as Error).message}`);
  }
}
