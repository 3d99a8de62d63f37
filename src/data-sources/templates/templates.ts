import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { compileCache } from '../../compile-cache.ts';
import type { Answer, Asked, TemplateOrder, WorkName } from './template-order.ts';

/** The thread's program beside this file: TypeScript in a checkout, compiled in the package. */
const program = fileURLToPath(
  new URL(`template-program${import.meta.filename.slice(-3)}`, import.meta.url),
);

/** Of a processor: more than any query needs that somebody wrote by hand. A busy machine gives it in more time than that. */
const LONGEST_MS = 1_500;
const WALL_TIMES = 10;
const LOOK_MS = 200;
const MEMORY_MEGABYTES = 256;
/** So long a thread is kept that has nothing to do. */
const IDLE_MS = 10 * 60 * 1000;
/** A thread that does not start in this time never will. */
const START_MS = 30_000;

/** Reads and renders templates of queries. */
export type Templates = {
  /**
   * Undefined where it took more time or memory than it may.
   *
   * @param organizationId those of different organizations take turns.
   */
  carryOut<Name extends WorkName>(
    organizationId: number,
    name: Name,
    asked: Asked<Name>,
  ): Promise<Answer<Name> | undefined>;
};

/** What is said where a template took too much. */
export const TOO_MUCH =
  'The template takes more time or memory than a query’s limit: repeat less in {% for %}.';

type Waiting = {
  order: TemplateOrder;
  end: (answer: unknown) => void;
  fail: (error: Error) => void;
};

/**
 * Templates in a thread of their own, one at a time: whatever somebody writes into one, it takes nobody else's time but
 * that of other templates, and of that no more than its turn. The thread is started when there is something to do.
 */
export class TemplateThread implements Templates {
  readonly #longestMs: number;
  /** By organization, in the order of their next turns. */
  readonly #waiting = new Map<number, Waiting[]>();
  #worker: Promise<Worker> | undefined;
  #isWorking = false;
  #isClosed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor({ longestMs = LONGEST_MS } = {}) {
    this.#longestMs = longestMs;
  }

  carryOut<Name extends WorkName>(
    organizationId: number,
    name: Name,
    asked: Asked<Name>,
  ): Promise<Answer<Name> | undefined> {
    if (this.#isClosed) return Promise.reject(closed());
    const answer = new Promise<Answer<Name> | undefined>((resolve, reject) => {
      const line = this.#waiting.get(organizationId) ?? [];
      line.push({ order: { name, asked }, end: resolve as Waiting['end'], fail: reject });
      this.#waiting.set(organizationId, line);
    });
    void this.#work();
    return answer;
  }

  /** Refuses what is still to be done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    for (const { fail } of [...this.#waiting.values()].flat()) fail(closed());
    this.#waiting.clear();
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    clearTimeout(this.#idle);
    for (let next = this.#next(); next; next = this.#next()) {
      const { order, end, fail } = next;
      await this.#do(order).then(end, fail);
    }
    this.#isWorking = false;
    this.#rest();
  }

  /** The first of the organization whose turn it is, which then stands behind all others. */
  #next(): Waiting | undefined {
    for (const [organizationId, line] of this.#waiting) {
      this.#waiting.delete(organizationId);
      const next = line.shift();
      if (line.length > 0) this.#waiting.set(organizationId, line);
      return next;
    }
    return undefined;
  }

  /** Undefined where it was stopped. */
  async #do(order: TemplateOrder): Promise<unknown> {
    this.#worker ??= this.#start();
    try {
      const worker = await this.#worker;
      worker.ref();
      const answer = await answerOf(worker, order, this.#longestMs);
      worker.unref();
      if (answer === undefined && this.#isClosed) throw closed();
      return answer;
    } catch (error) {
      this.#worker = undefined;
      throw this.#isClosed ? closed() : error;
    }
  }

  #start(): Promise<Worker> {
    const started = startWorker().then((worker) => {
      worker.once('exit', () => {
        if (this.#worker === started) this.#worker = undefined;
      });
      return worker;
    });
    return started;
  }

  /** An idle thread keeps no process, and is kept for a while. */
  #rest(): void {
    const worker = this.#worker;
    this.#idle = setTimeout(() => {
      this.#worker = undefined;
      void worker?.then((idle) => idle.terminate());
    }, IDLE_MS).unref();
  }
}

function startWorker(): Promise<Worker> {
  const worker = new Worker(program, {
    env: compileCache,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => void worker.terminate(), START_MS);
    worker.once('message', () => resolve(worker));
    worker.on('error', reject);
    worker.once('exit', () => reject(new Error('The thread for templates did not start.')));
    worker.once('message', () => clearTimeout(timer));
    worker.once('exit', () => clearTimeout(timer));
  });
}

/** Undefined where the order took too much time or memory; the thread is gone then. */
function answerOf(worker: Worker, order: TemplateOrder, longestMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const endWatch = stopAfter(worker, longestMs);
    const settle = (act: () => void) => {
      endWatch();
      worker.off('message', answered).off('error', failed).off('exit', exited);
      act();
    };
    const answered = (answer: unknown) => settle(() => resolve(answer));
    const exited = () => settle(() => resolve(undefined));
    const failed = (error: Error & { code?: string }) =>
      settle(() =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(undefined) : reject(error),
      );
    worker.once('message', answered).once('error', failed).once('exit', exited);
    worker.postMessage(order);
  });
}

/** Ends a thread that takes more of a processor than it may from now on, unless the function that it answers is called. */
function stopAfter(worker: Worker, longestMs: number): () => void {
  let isOver = false;
  let usedBefore: number | undefined;
  // What cannot tell how much it has taken is at something that nothing interrupts.
  const wall = setTimeout(() => stop(), longestMs * WALL_TIMES);
  const watch = setInterval(look, LOOK_MS);
  function stop() {
    if (!isOver) void worker.terminate();
  }
  async function look() {
    const used = await worker.cpuUsage().catch(() => undefined);
    if (used === undefined) return; // it has ended
    usedBefore ??= used.user + used.system;
    if ((used.user + used.system - usedBefore) / 1000 > longestMs) stop();
  }
  return () => {
    isOver = true;
    clearTimeout(wall);
    clearInterval(watch);
  };
}

function closed(): Error {
  return new Error('The thread for templates is closed.');
}
