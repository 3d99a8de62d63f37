import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import type { RowsRange } from '../../src/data-sources/rows-view.ts';
import { openBareDuckdb } from '../bare-duckdb.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, type Line, milliseconds } from '../line.ts';

const ROWS = 1_000_000;
const limit = 100;
/** What a page takes beside the statement: numbers of rows, JSON and the way between processes. */
const EXTRA_MS = 30;
/** What somebody takes to look at a page, in which the next one is prepared. */
const LOOK_MS = 3_000;

/** Pages of a million rows that were kept, against DuckDB's own statement on the same file. */
export const rowsOfResults: Figure = {
  ids: ['P2'],
  async measure({ folder, rounds }) {
    const file = join(folder, 'read.parquet');
    const bare = openBareDuckdb();
    const timed = bare.timedMs;
    await timed(`COPY (
      SELECT i AS id, 'customer ' || hash(i) AS name, (i % 997)::DECIMAL(10, 2) AS price,
        DATE '2020-01-01' + (i % 1000)::INTEGER AS day, 'region ' || i % 7 AS region
      FROM range(${ROWS}) r(i)) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
    const processes = new QueryProcesses({ spare: 0 });
    const result = processes.openRows(file, () => undefined);
    let round = 0;
    // Each round another order, so that none is kept of the round before.
    const page = async (range: RowsRange, column?: number): Promise<number> => {
      const orders = [{ column: 0, descending: round % 2 === 0 }].slice(0, round % 3);
      const sort = column === undefined ? [] : [{ column, descending: round > 2 }, ...orders];
      const startedMs = performance.now();
      await result.page({ view: { sort, filters: [], search: '' }, range, totals: [] });
      return performance.now() - startedMs;
    };
    await page({ offset: 0, limit });
    await sleep(LOOK_MS);
    const found = await numbersInTurns(rounds, {
      far: () => page({ offset: 900_000, limit }),
      first: () => page({ offset: 0, limit }, 1),
      duckdb: async () => {
        await sleep(LOOK_MS); // in which the next page of ours is prepared
        return timed(
          `CREATE OR REPLACE TEMP TABLE top AS FROM '${file}' ORDER BY name LIMIT ${limit}`,
        );
      },
      next: async () => {
        const ms = await page({ offset: 100, limit }, 1);
        round++;
        return ms;
      },
    });
    bare.end();
    await processes.close();
    const own = (what: string, ms: number): Line => ({
      id: 'P2',
      what,
      ours: milliseconds(ms),
      value: ms,
      unit: 'ms',
      goal: { atMost: 50 },
    });
    return [
      own('rows 900,000 to 900,100 of 1,000,000', found.far),
      own('next page of 1,000,000 rows sorted by a text', found.next),
      {
        id: 'P2',
        what: `first page of 1,000,000 rows sorted by a text less ${EXTRA_MS} ms / DuckDB's own statement`,
        ours: milliseconds(found.first),
        anchor: milliseconds(found.duckdb),
        value: (found.first - EXTRA_MS) / found.duckdb,
        goal: { atMost: 1.2 },
      },
    ];
  },
};
