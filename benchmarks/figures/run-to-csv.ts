import { createWriteStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import { openBareDuckdb } from '../bare-duckdb.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';

const MB = 1024 * 1024;
const ROWS = 1_000_000;
const limits = { timeMs: 60_000, rows: ROWS, bytes: 256 * MB, memoryBytes: 1024 * MB };
/** Numbers, texts that repeat and texts that do not, dates, times, and what is missing. */
const rows = `SELECT i AS id, 'customer ' || (i % 1000) AS customer, i * 7.13::DOUBLE AS amount,
  DATE '2020-01-01' + (i % 1000)::INTEGER AS day, TIMESTAMP '2020-01-01' + INTERVAL (i) SECOND AS sold_at,
  (i % 97)::DECIMAL(10, 2) AS price, CASE WHEN i % 3 > 0 THEN 'note ' || i END AS note
  FROM range(${ROWS}) r(i)`;

/** A query of many rows from its start to the last byte of CSV, and the memory of the server meanwhile. */
export const runToCsv: Figure = {
  ids: ['R2', 'R4'],
  async measure({ folder, rounds }) {
    const data = join(folder, 'sales');
    mkdirSync(data, { recursive: true });
    const bare = openBareDuckdb();
    const timed = async (sql: string) => (await bare.timedMs(sql)) / 1000;
    await timed(`COPY (${rows}) TO '${join(data, 'sales.parquet')}'`);
    const processes = new QueryProcesses({ spare: 2 });
    const csv = join(folder, 'sales.csv');
    let mostBytes = 0;
    const emptyBytes = process.memoryUsage.rss();
    const found = await numbersInTurns(rounds, {
      ours: async () => {
        await sleep(1_000); // for the processes that wait to have started
        const watch = setInterval(() => {
          mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
        }, 20);
        const resultFile = join(folder, 'sales-result.parquet');
        const startedMs = performance.now();
        const connection = { adapter: 'duckdb', folder: data } as const;
        const job = { connection, sql: 'SELECT * FROM sales', values: [], resultFile, limits };
        await processes.run(job);
        await pipeline(processes.convert(resultFile, { format: 'csv' }), createWriteStream(csv));
        const took = (performance.now() - startedMs) / 1000;
        clearInterval(watch);
        rmSync(resultFile);
        return took;
      },
      duckdb: () => timed(`COPY (FROM '${join(data, 'sales.parquet')}') TO '${csv}'`),
    });
    const csvMb = statSync(csv).size / MB;
    bare.end();
    await processes.close();
    return [
      {
        id: 'R2',
        what: `run of 1,000,000 rows to CSV of ${csvMb.toFixed(0)} MB / DuckDB's own COPY of the same rows`,
        ours: seconds(found.ours),
        anchor: seconds(found.duckdb),
        value: found.ours / found.duckdb,
        goal: { atMost: 2 },
      },
      {
        id: 'R4',
        what: 'memory that the server takes more meanwhile',
        ours: `${((mostBytes - emptyBytes) / MB).toFixed(0)} MB`,
        value: (mostBytes - emptyBytes) / MB,
        unit: 'MB',
        goal: { atMost: 50 },
      },
    ];
  },
};
