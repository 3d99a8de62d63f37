// What a query process does, for one order after the other: each has DuckDBs of its own. What an engine leaves to the end
// of its process, such as connections, lasts until this one ends.

import { failureOf } from '../../src/data-sources/process/failure.ts';
import { workAtSource } from '../../src/data-sources/process/work-at-source.ts';
import type { Answer, Order } from '../../src/data-sources/query-job.ts';
import { openDuckdb } from '../../src/data-sources/results/duckdb.ts';

const say = (answer: Answer) => process.send?.(answer);
const stop = new AbortController();

process.on('message', async (message: Order | 'stop') => {
  if (message === 'stop') return stop.abort();
  if (!('connection' in message)) throw new Error(`Nothing here can ${message.action}.`);
  const [sandbox, writer] = await Promise.all([openDuckdb(), openDuckdb()]);
  try {
    const parts = { sandbox, writer, signal: stop.signal, say, onStop: () => undefined };
    say({ done: (await workAtSource(message, parts)) ?? null });
  } catch (error) {
    say({ failed: failureOf(error) });
  } finally {
    sandbox.closeSync();
    writer.closeSync();
  }
});
process.on('disconnect', () => process.exit());
say({ ready: true });
