import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Connection } from '../../src/data-sources/kinds.ts';
import { QueryError } from '../../src/data-sources/query-error.ts';
import type { QueryLimits, QueryResult, QueryValue } from '../../src/data-sources/query-job.ts';
import {
  QueryProcesses,
  type QueryProcessOptions,
} from '../../src/data-sources/query-processes.ts';

const MB = 1024 * 1024;
/** Small, so that what passes them shows soon. */
export const limits: QueryLimits = {
  timeMs: 10_000,
  rows: 10_000,
  bytes: 4 * MB,
  memoryBytes: 1024 * MB,
};

type Ask = {
  connection?: Connection;
  values?: QueryValue[];
  limits?: Partial<QueryLimits>;
  signal?: AbortSignal;
};

export type Ran = QueryResult & { file: string; cells: unknown[][] };

/** Query processes, and a folder that data and results lie in. */
export function openQueryRuns(options?: QueryProcessOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-queries-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const processes = new QueryProcesses(options);
  let runs = 0;
  return {
    processes,
    folder,
    data,
    /** Puts files into the data folder, or beside it with `..`. */
    put(files: Record<string, string>): void {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(data, name)), { recursive: true });
        writeFileSync(join(data, name), text);
      }
    },
    /** Runs SQL, on the data folder where no connection is named. */
    async run(sql: string, { connection, values = [], signal, ...ask }: Ask = {}): Promise<Ran> {
      const file = join(folder, `result-${++runs}.parquet`);
      const job = {
        connection: connection ?? ({ adapter: 'duckdb', folder: data } as const),
        sql,
        values,
        resultFile: file,
        limits: { ...limits, ...ask.limits },
      };
      const result = await processes.run(job, { signal });
      if (!existsSync(file)) throw new Error('There is no result file.');
      return { ...result, file, cells: JSON.parse(result.preview) };
    },
    async close(): Promise<void> {
      await processes.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The QueryError that a promise has to reject with. */
export async function failureOf(promise: Promise<unknown>): Promise<QueryError> {
  const error = await promise.then(
    (value) => new Error(`No error, but ${JSON.stringify(value)?.slice(0, 200)}`),
    (reason) => reason,
  );
  if (error instanceof QueryError) return error;
  throw error;
}

/** Ends every query process of this process at once, as the system does where there is no memory left. */
export function killQueryProcesses(): void {
  execFileSync('pkill', ['-KILL', '-P', String(process.pid), '-f', 'process/program']);
}
