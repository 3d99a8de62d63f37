// The search thread: reads and writes search files, so that the server's own thread never waits for them.
import { parentPort, workerData } from 'node:worker_threads';
import { storageFaultOf } from '../storage-fault.ts';
import { isBrokenFile, removeFile, SearchFile } from './search-file-store.ts';
import {
  type Damaged,
  END,
  type Failed,
  type Numbered,
  type SearchAnswer,
  type SearchOrder,
  type ThreadData,
} from './search-order.ts';

/** The one unused for longest is closed first. */
const MOST_OPEN = 8;
const READ_AT_ONCE = 200;
/** In so many steps a file is looked through; a small one in fewer. */
const VERIFY_STEPS = 20;
const FEWEST_PAGES = 1024;

/** In the order of their last use, oldest first. */
const open = new Map<string, SearchFile>();

function fileAt(path: string): SearchFile {
  const file = open.get(path) ?? new SearchFile(path);
  open.delete(path);
  open.set(path, file);
  for (const [other, unused] of open) {
    if (open.size <= MOST_OPEN) break;
    closeFile(other, unused);
  }
  return file;
}

function answer(order: SearchOrder): SearchAnswer {
  if (order.kind === 'discard') {
    discard(order.path);
    return { kind: 'done', unread: 0 };
  }
  const file = fileAt(order.path);
  if (!hasBegun(file, order)) return { kind: 'broken' };
  switch (order.kind) {
    case 'look':
      return { kind: 'reaches', ...file.progress };
    case 'ask': {
      const { progress } = file;
      if (progress.position < order.position) return { kind: 'reaches', ...progress };
      return { kind: 'answer', answer: file.answer(order.name, order.asked) };
    }
    case 'apply':
      if (order.since !== undefined) file.begin(order.since);
      file.apply(order.rows);
      return { kind: 'done', unread: 0 };
    case 'read':
      return { kind: 'done', unread: file.read(READ_AT_ONCE) };
    case 'reach':
      file.reach(order.position);
      return { kind: 'done', unread: 0 };
  }
}

/** Whether what was put in before this part is still there: a file that was damaged may have been thrown away meanwhile. */
function hasBegun(file: SearchFile, order: Exclude<SearchOrder, { kind: 'discard' }>): boolean {
  const isLaterPart =
    order.kind === 'read' ||
    order.kind === 'reach' ||
    (order.kind === 'apply' && order.since === undefined);
  return !isLaterPart || file.progress.since !== undefined;
}

function closeFile(path: string, file: SearchFile): void {
  open.delete(path);
  try {
    file.close();
  } catch {
    // Whatever it is, such a file is not to be gone on with.
    removeFile(path);
  }
}

function discard(path: string): void {
  const file = open.get(path);
  open.delete(path);
  if (file) file.discard();
  else removeFile(path);
}

parentPort?.on('message', (message: Numbered<SearchOrder> | typeof END) => {
  if (message === END) return end();
  const { number, body: order } = message;
  const reply = (message: Numbered<SearchAnswer> | Failed) => parentPort?.postMessage(message);
  try {
    reply({ number, body: answer(order) });
  } catch (error) {
    if (!isBrokenFile(error)) {
      return reply({ number, error: error as Error, fault: storageFaultOf(error) });
    }
    discard(order.path);
    return reply({ number, body: { kind: 'broken' } });
  }
  unlessBroken(order.path, (file) => file.rest());
});

/** Does with an open file what nobody waits for: what fails but for damage, as on a full disk, is done later. */
function unlessBroken(path: string, work: (file: SearchFile) => void): void {
  const file = open.get(path);
  try {
    if (file) work(file);
  } catch (error) {
    if (!isBrokenFile(error)) return;
    discard(path);
    parentPort?.postMessage({ damaged: path } satisfies Damaged);
  }
}

/** A thread that is ended from outside closes its files too, but not in the way in which their sums stay right. */
function end(): void {
  for (const [path, file] of [...open]) closeFile(path, file);
  process.exit();
}

setInterval(
  () => {
    for (const path of [...open.keys()]) {
      unlessBroken(path, (file) =>
        file.verify(Math.max(FEWEST_PAGES, Math.ceil(file.pageCount / VERIFY_STEPS))),
      );
    }
  },
  (workerData as ThreadData).verifyStepMs,
).unref();
