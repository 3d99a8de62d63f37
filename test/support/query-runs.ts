import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../src/data-sources/kinds.ts';
import { limitConcurrency } from '../../src/data-sources/limit-concurrency.ts';
import { QueryChild } from '../../src/data-sources/query-child.ts';
import { QueryError } from '../../src/data-sources/query-error.ts';
import type {
  Order,
  QueryLimits,
  QueryResult,
  QueryTable,
  QueryValue,
} from '../../src/data-sources/query-job.ts';
import {
  QueryProcesses,
  type QueryProcessOptions,
} from '../../src/data-sources/query-processes.ts';
import { scratchOf } from '../../src/data-sources/scratch.ts';

const MB = 1024 * 1024;
/** Small, so that what passes them shows soon. */
export const limits: QueryLimits = {
  timeMs: 10_000,
  rows: 10_000,
  bytes: 4 * MB,
  memoryBytes: 1024 * MB,
};

type Ask = { connection?: Connection; values?: QueryValue[]; limits?: Partial<QueryLimits> };

export type Ran = QueryResult & { file: string; cells: unknown[][] };

const manyOrders = fileURLToPath(new URL('./many-orders-program.ts', import.meta.url));
/** What the process of many queries is held to: far more than they need, one after the other. */
const FOR_MANY = { timeMs: 60_000, memoryBytes: 4096 * MB };

/**
 * Query processes, and a folder that data and results lie in.
 *
 * To start a process takes a quarter of a second of a processor. So what is about an engine runs in one process, one
 * query after the other (`run`, `describe`, `test`); what is about the process, or stopped, in one of its own (`runAlone`,
 * `processes`).
 */
export function openQueryRuns(options: QueryProcessOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-queries-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const processes = new QueryProcesses(options);
  const inTurn = limitConcurrency(1);
  let many: QueryChild | undefined;
  const work = <Result>(order: Order) =>
    inTurn(() => {
      if (!many?.isAlive) many = new QueryChild(manyOrders);
      return many.work<Result>(order, FOR_MANY);
    });
  let runs = 0;
  const jobOf = (sql: string, { connection, values = [], limits: own }: Ask) => ({
    connection: connection ?? ({ adapter: 'duckdb', folder: data } as const),
    sql,
    values,
    resultFile: join(folder, `result-${++runs}.parquet`),
    limits: { ...limits, ...own },
  });
  const ran = (result: QueryResult, file: string): Ran => {
    if (!existsSync(file)) throw new Error('There is no result file.');
    return { ...result, file, cells: JSON.parse(result.preview) };
  };
  const common = { privateHosts: 'allow' as const, looks: options.looks, ...FOR_MANY };
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
    /** Runs SQL, on the data folder where no connection is named, in the process of many queries. */
    async run(sql: string, ask: Ask = {}): Promise<Ran> {
      const job = jobOf(sql, ask);
      const { resultFile } = job;
      try {
        return ran(await work<QueryResult>({ action: 'run', ...common, ...job }), resultFile);
      } finally {
        rmSync(scratchOf(resultFile), { recursive: true, force: true });
      }
    },
    /** The same in a process of its own. */
    async runAlone(
      sql: string,
      { signal, ...ask }: Ask & { signal?: AbortSignal } = {},
    ): Promise<Ran> {
      const job = jobOf(sql, ask);
      return ran(await processes.run(job, { signal }), job.resultFile);
    },
    /** The tables of a data source, found in the process of many queries. */
    describe: (connection: Connection = { adapter: 'duckdb', folder: data }) =>
      work<QueryTable[]>({
        action: 'describe',
        connection,
        scratch: join(folder, 'scratch'),
        ...common,
      }),
    /** Whether a data source answers, found out there. */
    test: (connection: Connection) => work<void>({ action: 'test', connection, ...common }),
    async close(): Promise<void> {
      await Promise.all([processes.close(), many?.end()]);
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
