import { readdirSync, readFileSync } from 'node:fs';

/** What /proc says of the query processes that this process has started and that still run. Linux only. */
export function queryPrograms(): { pid: number; residentBytes: number; environment: string[] }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
      if (!/^\d+$/.test(pid) || !read('cmdline').includes('process/program')) return [];
      const status = read('status');
      if (!status.includes(`PPid:\t${process.pid}\n`)) return [];
      const residentBytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
      const environment = read('environ').split('\0').filter(Boolean);
      return [{ pid: Number(pid), residentBytes, environment }];
    } catch {
      return []; // it has just ended
    }
  });
}
