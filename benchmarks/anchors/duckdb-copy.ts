// A bare process with DuckDB, as unassuming as ours: runs each statement it is sent, and says how many milliseconds
// it took.
import { constants, setPriority } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
process.on('message', async (sql: string) => {
  const startedMs = performance.now();
  await duckdb.run(sql);
  process.send?.(performance.now() - startedMs);
});
