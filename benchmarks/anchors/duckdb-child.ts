// A process that asks DuckDB for one row, says it, and ends: what running a query in a process of its own costs at least.
import { DuckDBInstance } from '@duckdb/node-api';

const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const answer = await duckdb.runAndReadAll('SELECT 1 AS one');
process.send?.(answer.getRowsJson());
process.disconnect();
