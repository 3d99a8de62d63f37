import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Place } from '../database/open-store.ts';

const ASK_MS = 100;
/** What is read is let go at once, so it needs little room before it is cleared away. */
const NEW_OBJECTS_MB = 4;

/** The thread's program beside this file: TypeScript in a checkout, compiled in the package. */
const program = fileURLToPath(
  new URL(`note-days-program${import.meta.filename.slice(-3)}`, import.meta.url),
);

/**
 * Notes the days in a thread that ends with it: every report and query is read, which nobody else is to wait for.
 *
 * @param isStopped asked now and then; the thread then ends at once, and what it was writing is not written.
 */
export async function noteDaysApart(
  { dataDir, databaseUrl }: Place,
  isStopped: () => boolean,
): Promise<void> {
  const worker = new Worker(program, {
    workerData: { dataDir, databaseUrl } satisfies Place,
    resourceLimits: { maxYoungGenerationSizeMb: NEW_OBJECTS_MB },
  });
  let isOver = false;
  const over = once(worker, 'exit').finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  while (!isOver) {
    if (isStopped()) await worker.terminate();
    await Promise.race([over, sleep(ASK_MS)]);
  }
  await over;
}
