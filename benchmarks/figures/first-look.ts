import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import { openBareDuckdb } from '../bare-duckdb.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';

const MB = 1024 * 1024;
const limits = { timeMs: 600_000, rows: 10, bytes: 16 * MB, memoryBytes: 1024 * MB };
/** Numbers, texts that repeat and texts that do not, dates, times, and what is missing; 126 bytes a row. */
const rowsOf = (rows: number) => `SELECT i AS id, 'customer ' || (i % 1000) AS customer,
  (i * 7.13)::DECIMAL(18, 2) AS amount, DATE '2020-01-01' + (i % 1000)::INTEGER AS day,
  TIMESTAMP '2020-01-01' + INTERVAL (i) SECOND AS sold_at, (i % 97)::DECIMAL(10, 2) AS price,
  CASE WHEN i % 3 > 0 THEN 'note number ' || i END AS note, i % 2 = 0 AS flag, (i * 7919) % 1000 AS quantity,
  lpad((i % 100000)::VARCHAR, 5, '0') AS zip, 'https://example.org/' || i AS url FROM range(${rows}) r(i)`;
const types = {
  id: 'BIGINT',
  customer: 'VARCHAR',
  amount: 'DECIMAL(18,2)',
  day: 'DATE',
  sold_at: 'TIMESTAMP',
  price: 'DECIMAL(18,2)',
  note: 'VARCHAR',
  flag: 'BOOLEAN',
  quantity: 'BIGINT',
  zip: 'VARCHAR',
  url: 'VARCHAR',
};

/** What it costs to know a large file of cells exactly, and to read it once that is known. */
export const firstLook: Figure = {
  ids: ['R5', 'R6'],
  async measure({ folder, rounds, fileRows }) {
    const data = join(folder, 'cells');
    const looks = join(folder, 'looks');
    mkdirSync(data, { recursive: true });
    const file = join(data, 'cells.csv');
    const bare = openBareDuckdb();
    const timed = async (sql: string) => (await bare.timedMs(sql)) / 1000;
    await timed(`COPY (${rowsOf(fileRows)}) TO '${file}' (HEADER)`);
    const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`);
    const read = `SELECT max(COLUMNS(*)) FROM read_csv('${file}', auto_detect = false, header = true, delim = ',',
      quote = '"', escape = '"', columns = {${columns.join(', ')}})`;
    const processes = new QueryProcesses({ spare: 1, looks });
    const run = async (sql: string): Promise<number> => {
      await sleep(1_000); // for the process that waits to have started
      const resultFile = join(folder, 'cells-result.parquet');
      const connection = { adapter: 'duckdb', folder: data } as const;
      const startedMs = performance.now();
      await processes.run({ connection, sql, values: [], resultFile, limits });
      rmSync(resultFile);
      return (performance.now() - startedMs) / 1000;
    };
    const found = await numbersInTurns(rounds, {
      given: () => timed(read),
      first: () => {
        rmSync(looks, { recursive: true, force: true });
        return run('SELECT 1 AS one FROM cells LIMIT 1');
      },
      second: () => run('SELECT max(COLUMNS(*)) FROM cells'),
      // As the second, from the start of a run to its result.
      secondGiven: () => run(read),
    });
    bare.end();
    await processes.close();
    const size = `${fileRows.toLocaleString('en')} rows, ${(statSync(file).size / MB).toFixed(0)} MB`;
    return [
      {
        id: 'R5',
        what: `exact first look at a CSV of ${size} / DuckDB's max of every column, all types given`,
        ours: seconds(found.first),
        anchor: seconds(found.given),
        value: found.first / found.given,
        goal: { atMost: 2.5 },
      },
      {
        id: 'R6',
        what: 'second query on it, max of every column / the same on read_csv with everything given',
        ours: seconds(found.second),
        anchor: seconds(found.secondGiven),
        value: found.second / found.secondGiven,
        goal: { atMost: 1.1 },
      },
    ];
  },
};
