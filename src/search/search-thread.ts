import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Failed, Numbered, SearchAnswer, SearchOrder } from './search-order.ts';

/** The thread's program beside this file: TypeScript in a checkout, compiled in the package. */
const program = fileURLToPath(
  new URL(`search-program${import.meta.filename.slice(-3)}`, import.meta.url),
);

type Waiting = { resolve: (answer: SearchAnswer) => void; reject: (error: Error) => void };

/** The thread in which search files are read and written. It is started when it is first asked for something. */
export class SearchThread {
  #worker: Worker | undefined;
  #lastNumber = 0;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();

  /** Does what it is told after everything that it was told before. */
  tell(order: SearchOrder): Promise<SearchAnswer> {
    if (this.#isClosed) return Promise.reject(new Error('The search thread is closed.'));
    this.#worker ??= this.#start();
    const number = ++this.#lastNumber;
    const answer = new Promise<SearchAnswer>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
    });
    this.#worker.ref();
    this.#worker.postMessage({ number, body: order } satisfies Numbered<SearchOrder>);
    return answer;
  }

  /** Refuses what it is told from now on, and what it has not done yet. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(program);
    worker.on('message', (message: Numbered<SearchAnswer> | Failed) => {
      const waiting = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      // An idle thread keeps no process.
      if (this.#waiting.size === 0) worker.unref();
      if ('error' in message) waiting?.reject(message.error);
      else waiting?.resolve(message.body);
    });
    let cause: Error | undefined;
    worker.once('error', (error) => {
      cause = error as Error;
    });
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error('The search thread has ended.', { cause }));
      }
      this.#waiting.clear();
    });
    return worker;
  }
}
