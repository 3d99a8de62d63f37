import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WATCH_MS = 100;
/** Files a query process may have open: its own, those of a query over many files, and what it spills. */
const OPEN_FILES = 512;

/**
 * Lets a running process take no more than `bytes` beyond what it has: on Linux the system then refuses it memory, by
 * a limit on its address space, which can only be set once it has started, for Node and DuckDB reserve more at the
 * start than a query may ever take. Elsewhere its resident memory is watched, and `onExceeded` called.
 *
 * @returns ends the watch.
 */
export async function holdMemory(
  pid: number,
  bytes: number,
  onExceeded: () => void,
): Promise<() => void> {
  if (process.platform === 'linux') {
    const reserved = statusBytes(await readFile(`/proc/${pid}/status`, 'utf8'), 'VmSize');
    const limits = [`--as=${reserved + bytes}`, '--core=0', `--nofile=${OPEN_FILES}`];
    try {
      await run('prlimit', [`--pid=${pid}`, ...limits]);
      return () => undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return watchMemory(pid, bytes, onExceeded);
}

/** What holds memory where the system has no limit for it, or no program that sets one. */
async function watchMemory(
  pid: number,
  bytes: number,
  onExceeded: () => void,
): Promise<() => void> {
  const most = (await residentBytes(pid)) + bytes;
  const timer = setInterval(async () => {
    const held = await residentBytes(pid).catch(() => 0); // 0: it has just ended
    if (held > most) onExceeded();
  }, WATCH_MS);
  return () => clearInterval(timer);
}

async function residentBytes(pid: number): Promise<number> {
  if (process.platform === 'linux')
    return statusBytes(await readFile(`/proc/${pid}/status`, 'utf8'), 'VmRSS');
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}

function statusBytes(status: string, field: 'VmSize' | 'VmRSS'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
