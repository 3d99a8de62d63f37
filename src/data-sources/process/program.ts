// What a query process does: it loads DuckDB, says that it is ready, carries out an order, perhaps draws what came of it,
// and is ended. One that reads rows of a result does so until it is ended.

import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PivotReader } from '../pictures/pivot-reader.ts';
import type { Answer, Order } from '../query-job.ts';
import { convertResult } from '../results/convert-result.ts';
import { memoryLimit, openDuckdb } from '../results/duckdb.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { failureOf } from './failure.ts';
import { workAtSource } from './work-at-source.ts';

/** So long a server is asked to end a query whose process has nobody left to tell. */
const LAST_TRY_MS = 2_000;
/** A process that has waited this long has the time to load what draws charts, and to try it. */
const IDLE_MS = 1_000;

const stop = new AbortController();
/** The result that this process reads rows of. */
let reader: Promise<RowReader> | undefined;
/** What reads the pivot tables of that result. */
let pivots: Promise<PivotReader> | undefined;
/** What has a server end the query, once one runs there and it has to. */
let stopped: Promise<void> | undefined;
process.on('message', (message: Order | 'stop') => {
  if (message === 'stop') return stop.abort();
  carryOut(message).then(
    (done) => {
      flushCompileCache(); // of what this order alone has loaded
      say({ done: done ?? null });
    },
    (error) => say({ failed: failureOf(error) }),
  );
});
// Whoever wanted the result is gone. An orderly exit would wait for threads that may be at work for long.
process.on('disconnect', async () => {
  stop.abort();
  await Promise.race([stopped, sleep(LAST_TRY_MS)]);
  process.kill(process.pid, 'SIGKILL');
});

const [sandbox, writer] = [await openDuckdb(), await openDuckdb()];
// Node would write what it made of the sources at an orderly end.
flushCompileCache();
say({ ready: true });
const loadDrawing = () => import('../pictures/make-pictures.ts');
let isIdle = true;
let warming: Promise<void> | undefined;
setTimeout(async () => {
  const { warmUp } = await loadDrawing();
  if (isIdle) warming = warmUp(writer).catch(() => undefined); // what is wrong is said of an order
}, IDLE_MS).unref();

async function carryOut(order: Order): Promise<unknown> {
  isIdle = false;
  await warming;
  if (order.action === 'convert') return convertResult(writer, order);
  if (order.action === 'draw') {
    const { makePictures } = await loadDrawing();
    await writer.run(memoryLimit(order.memoryBytes));
    return makePictures(writer, order.parquetFile, order.charts, { cut: order.cut });
  }
  if (order.action === 'rows') {
    const { RowReader } = await import('../rows/row-reader.ts');
    reader ??= RowReader.open(writer, order);
    const { view, range, totals } = order;
    return range ? (await reader).page(view, range, totals) : (await reader).prepare(view);
  }
  if (order.action === 'pivot') {
    const { PivotReader } = await import('../pictures/pivot-reader.ts');
    pivots ??= PivotReader.open(writer, order);
    return (await pivots).read(order.chart, order.range, order);
  }
  return workAtSource(order, {
    sandbox,
    writer,
    signal: stop.signal,
    say,
    onStop: (ended) => {
      stopped = ended;
    },
  });
}

function say(answer: Answer): void {
  process.send?.(answer);
}
