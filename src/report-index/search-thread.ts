import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { compileCache } from '../compile-cache.ts';
import {
  type Damaged,
  END,
  type Failed,
  type Numbered,
  type SearchAnswer,
  type SearchOrder,
  type ThreadData,
} from './search-order.ts';

/** The thread's program beside this file: TypeScript in a checkout, compiled in the package. */
const program = fileURLToPath(
  new URL(`search-program${import.meta.filename.slice(-3)}`, import.meta.url),
);

type Waiting = { resolve: (answer: SearchAnswer) => void; reject: (error: Error) => void };

/** So long a thread is kept that has nothing to do, for who goes on typing; its memory is that of a small server. */
const IDLE_MS = 10 * 60 * 1000;
const VERIFY_STEP_MS = 1_000;
const LONGEST_END_MS = 2_000;
/** For what the thread makes and throws away again at once. */
const MOST_NEW_MEGABYTES = 16;

/** The thread in which search files are read and written: started when there is something to do, ended when there is not. */
export class SearchThread {
  readonly #idleMs: number;
  readonly #data: ThreadData;
  readonly #onDamage: (file: string) => void;
  #idle: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #lastNumber = 0;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();

  /** @param onDamage told of a file that was found damaged, and thrown away, while nothing was asked of it. */
  constructor({
    idleMs = IDLE_MS,
    verifyStepMs = VERIFY_STEP_MS,
    onDamage = (_file: string): void => undefined,
  } = {}) {
    this.#idleMs = idleMs;
    this.#data = { verifyStepMs };
    this.#onDamage = onDamage;
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
    if (this.#worker) await end(this.#worker);
  }

  #start(): Worker {
    const worker = new Worker(program, {
      env: compileCache,
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: MOST_NEW_MEGABYTES },
    });
    worker.on('message', (message: Numbered<SearchAnswer> | Failed | Damaged) => {
      if ('damaged' in message) return this.#onDamage(message.damaged);
      const waiting = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      if (this.#waiting.size === 0) this.#rest(worker);
      if ('error' in message) {
        waiting?.reject(Object.assign(message.error, { fault: message.fault }));
      } else waiting?.resolve(message.body);
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
      void end(worker);
    }, this.#idleMs).unref();
  }
}

/** Lets a thread close its files, unless it is at something that takes long. */
async function end(worker: Worker): Promise<void> {
  // A process that has nothing else to do would end before.
  worker.ref();
  const exited = once(worker, 'exit');
  worker.postMessage(END);
  await Promise.race([exited, sleep(LONGEST_END_MS, undefined, { ref: false })]);
  await worker.terminate();
}
