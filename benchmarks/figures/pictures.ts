import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import { openBareDuckdb } from '../bare-duckdb.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, milliseconds } from '../line.ts';

const ROWS = 1_000_000;
/** What a picture takes beside the statement: order, names, JSON and the way between processes. */
const EXTRA_MS = 30;

/** A picture of a million rows, against DuckDB's own statement on the same file. */
export const pictures: Figure = {
  ids: ['P1'],
  async measure({ folder, rounds }) {
    const file = join(folder, 'drawn.parquet');
    const bare = openBareDuckdb();
    const timed = bare.timedMs;
    await timed(`COPY (
      SELECT (i % 100)::INTEGER AS x, 'series ' || i % 5 AS s, (i % 997)::DECIMAL(10, 2) AS v
      FROM range(${ROWS}) r(i)) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
    const processes = new QueryProcesses({ spare: 2 });
    const chart = { type: 'stackedBar', spec: { x: 'x', y: ['v'], series: 's' } };
    const statement = `CREATE OR REPLACE TEMP TABLE sums AS SELECT x, s, sum(v) FROM '${file}' GROUP BY x, s`;
    await processes.draw(file, [chart]);
    const found = await numbersInTurns(rounds, {
      ours: async () => {
        await sleep(2_500); // for the process that waits to be ready
        const startedMs = performance.now();
        await processes.draw(file, [chart]);
        return performance.now() - startedMs;
      },
      duckdb: () => timed(statement),
    });
    bare.end();
    await processes.close();
    return [
      {
        id: 'P1',
        what: `picture of 1,000,000 rows less ${EXTRA_MS} ms / DuckDB's own statement`,
        ours: milliseconds(found.ours),
        anchor: milliseconds(found.duckdb),
        value: (found.ours - EXTRA_MS) / found.duckdb,
        goal: { atMost: 1.5 },
      },
    ];
  },
};
