import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Failed, Numbered, SearchAnswer, SearchOrder } from './search-order.ts';

/** The thread's program beside this file: TypeScript in a checkout, compiled in the package. */
const program = fileURLToPath(
  new URL(`search-program${import.meta.filename.slice(-3)}`, import.meta.url),
);

type Waiting = { resolve: (answer: SearchAnswer) => void; reject: (error: Error) => void };

/** So long a thread is kept that has nothing to do, for who goes on typing; its memory is that of a small server. */
const IDLE_MS = 10 * 60 * 1000;

/** The thread in which search files are read and written: started when there is something to do, ended when there is not. */
export class SearchThread {
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #lastNumber = 0;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();

  constructor({ idleMs = IDLE_MS } = {}) {
    this.#idleMs = idleMs;
  }

  /** Whether there is a thread now. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Does what it is told after everything that it was told before. */
  tell(order: SearchOrder): Promise<SearchAnswer> {
    if (this.#isClosed) return Promise.reject(new Error('The search thread is closed.'));
    clearTimeout(this.#idle);
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
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(program);
    worker.on('message', (message: Numbered<SearchAnswer> | Failed) => {
      const waiting = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      if (this.#waiting.size === 0) this.#rest(worker);
      if ('error' in message) waiting?.reject(message.error);
      else waiting?.resolve(message.body);
    });
    let cause: Error | undefined;
    worker.once('error', (error) => {
      cause = error as Error;
    });
    worker.once('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error('The search thread has ended.', { cause }));
      }
      this.#waiting.clear();
    });
    return worker;
  }
  /** An idle thread keeps no process, and is kept for a while. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#idle = setTimeout(() => {
      this.#worker = undefined;
      void worker.terminate();
    }, this.#idleMs).unref();
  }
}
