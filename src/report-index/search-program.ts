// The search thread: reads and writes search files, so that the server's own thread never waits for them.
import { parentPort } from 'node:worker_threads';
import { isBrokenFile, SearchFile } from './search-file-store.ts';
import type { Failed, Numbered, SearchAnswer, SearchOrder } from './search-order.ts';

/** The one unused for longest is closed first. */
const MOST_OPEN = 8;
const READ_AT_ONCE = 200;

/** In the order of their last use, oldest first. */
const open = new Map<string, SearchFile>();

function fileAt(path: string): SearchFile {
  const file = open.get(path) ?? new SearchFile(path);
  open.delete(path);
  open.set(path, file);
  for (const [other, unused] of open) {
    if (open.size <= MOST_OPEN) break;
    open.delete(other);
    unused.close();
  }
  return file;
}

function answer(order: SearchOrder): SearchAnswer {
  const file = fileAt(order.path);
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
    case 'discard':
      discard(order.path);
      return { kind: 'done', unread: 0 };
  }
}

function discard(path: string): void {
  open.get(path)?.discard();
  open.delete(path);
}

parentPort?.on('message', ({ number, body: order }: Numbered<SearchOrder>) => {
  const reply = (message: Numbered<SearchAnswer> | Failed) => parentPort?.postMessage(message);
  try {
    reply({ number, body: answer(order) });
  } catch (error) {
    if (!isBrokenFile(error)) return reply({ number, error: error as Error });
    discard(order.path);
    reply({ number, body: { kind: 'broken' } });
  }
});
