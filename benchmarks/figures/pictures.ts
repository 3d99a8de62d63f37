import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryChild } from '../../src/data-sources/query-child.ts';
import type { Order } from '../../src/data-sources/query-job.ts';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import { openBareDuckdb } from '../bare-duckdb.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, milliseconds } from '../line.ts';

const MB = 1024 * 1024;
const ROWS = 1_000_000;
const sql = `SELECT (i % 100)::INTEGER AS x, 'series ' || i % 5 AS s, (i % 997)::DECIMAL(10, 2) AS v
  FROM range(${ROWS}) r(i)`;
const charts = [{ type: 'stackedBar', spec: { x: 'x', y: ['v'], series: 's' } }];
const bounds = { timeMs: 60_000, memoryBytes: 1024 * MB };
/** What a picture takes beside the statement: order, names, JSON and the way between processes. */
const EXTRA_MS = 30;

/**
 * A picture of a million rows, against DuckDB's own statement on the same file: in the process that has just run the query,
 * as runs have it, and at a first look in one that waited.
 */
export const pictures: Figure = {
  ids: ['P1'],
  async measure({ folder, rounds }) {
    const data = join(folder, 'drawn');
    mkdirSync(data, { recursive: true });
    const file = join(folder, 'drawn.parquet');
    const statement = `CREATE OR REPLACE TEMP TABLE sums AS SELECT x, s, sum(v) FROM '${file}' GROUP BY x, s`;
    const bare = openBareDuckdb();
    const processes = new QueryProcesses({ spare: 1 });
    const inRun = async () => {
      const child = new QueryChild();
      const limits = { ...bounds, rows: ROWS, bytes: 256 * MB };
      const connection = { adapter: 'duckdb', folder: data } as const;
      const run = { action: 'run', connection, sql, values: [], resultFile: file, limits } as const;
      await child.work(
        { ...run, allowPrivateHosts: true, looks: undefined } satisfies Order,
        bounds,
      );
      const draw = {
        action: 'draw',
        parquetFile: file,
        charts,
        cut: undefined,
        ...bounds,
      } as const;
      const startedMs = performance.now();
      await child.work(draw satisfies Order, bounds);
      const ms = performance.now() - startedMs;
      child.kill();
      return ms;
    };
    await inRun();
    await processes.draw(file, charts);
    const found = await numbersInTurns(rounds, {
      inRun,
      duckdb: () => bare.timedMs(statement),
      firstLook: async () => {
        await sleep(1_500); // for the process that waits to have started
        const startedMs = performance.now();
        await processes.draw(file, charts);
        return performance.now() - startedMs;
      },
    });
    bare.end();
    await processes.close();
    const line = (what: string, ms: number) => ({
      id: 'P1',
      what: `${what} less ${EXTRA_MS} ms / DuckDB's own statement`,
      ours: milliseconds(ms),
      anchor: milliseconds(found.duckdb),
      value: (ms - EXTRA_MS) / found.duckdb,
    });
    return [
      {
        ...line('picture of 1,000,000 rows that a run has brought', found.inRun),
        goal: { atMost: 1.5 },
      },
      line('the same at a first look, by a process that waited,', found.firstLook),
    ];
  },
};
