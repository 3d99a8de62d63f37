// What a query process does: it loads DuckDB, says that it is ready, carries out one order, and is ended.

import type { Answer, Order } from '../query-job.ts';
import { convertResult } from '../results/convert-result.ts';
import { openDuckdb } from '../results/duckdb.ts';
import { loadEngine } from './engines.ts';
import { failureOf } from './failure.ts';

const stop = new AbortController();
process.on('message', (message: Order | 'stop') => {
  if (message === 'stop') return stop.abort();
  carryOut(message).then(
    (done) => say({ done: done ?? null }),
    (error) => say({ failed: failureOf(error) }),
  );
});
// Whoever wanted the result is gone. An orderly exit would wait for threads that may be at work for long.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const [sandbox, writer] = [await openDuckdb(), await openDuckdb()];
say({ ready: true });

async function carryOut(order: Order): Promise<unknown> {
  if (order.action === 'convert') return convertResult(writer, order);
  const engine = await loadEngine(order.connection.adapter);
  const circumstances = {
    sandbox,
    writer,
    signal: stop.signal,
    allowPrivateHosts: order.allowPrivateHosts,
  };
  if (order.action === 'test') return engine.test(order.connection, circumstances);
  if (order.action === 'describe') return engine.describe(order.connection, circumstances);
  return engine.run(order, circumstances);
}

function say(answer: Answer): void {
  process.send?.(answer);
}
