import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a run of the benchmark is asked to do. */
export type Settings = {
  /** How many reports the big organization has, and the small one, which is what `small` figures are about. */
  reports: number;
  small: number;
  /** How many reports the big organization has on PostgreSQL. */
  postgresReports: number;
  /** How many rows the file has that is read as a table. */
  fileRows: number;
  /** How often each measurement is taken; its median counts. */
  rounds: number;
  /** How long one measurement takes. */
  seconds: number;
  /** Which figures; all where none is named. */
  figures: readonly string[];
  /** Whether the table is kept in docs/performance.md. */
  write: boolean;
  /** Where data lies. */
  folder: string;
  [Symbol.dispose](): void;
};

export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const { write, quick } = values;
  const reports = Number(env.REPORTS ?? (quick ? 20_000 : 1_000_000));
  const kept = env.BENCHMARK_DIR;
  const folder = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'rollcall-benchmark-'));
  mkdirSync(folder, { recursive: true });
  return {
    reports,
    small: Math.min(100_000, reports / 2),
    postgresReports: Number(env.POSTGRES_REPORTS ?? reports),
    fileRows: Number(env.FILE_ROWS ?? (quick ? 1_000_000 : 10_000_000)),
    rounds: Number(env.ROUNDS ?? (quick ? 1 : 5)),
    seconds: Number(env.ROUND_SECONDS ?? (quick ? 1 : 2)),
    figures: positionals,
    write,
    folder,
    [Symbol.dispose]() {
      if (!kept) rmSync(folder, { recursive: true, force: true });
    },
  };
}
