import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../compile-cache.ts';
import { holdMemory } from './memory-wall.ts';
import { PausableTimer } from './pausable-timer.ts';
import { QueryError, type QueryErrorCode } from './query-error.ts';
import type { Answer, Order, Session } from './query-job.ts';

/** The child's program beside this file: TypeScript in a checkout, compiled in the package. */
const PROGRAM = fileURLToPath(
  new URL(`process/program${import.meta.filename.slice(-3)}`, import.meta.url),
);
/** How long a query that was asked to stop may take to do so. */
const STOP_MS = 2_000;
/** A child that does not start in this time never will. */
const START_MS = 30_000;
const LAST_WORDS = 4_000;
/** How long a query may look at files that are new to us, beyond its own time. */
const LOOK_MS = 10 * 60_000;
const { PRIORITY_BELOW_NORMAL } = constants.priority;

/** What stops a query from outside, and what is then said of it. */
const stops = {
  time_limit: (timeMs: number) => `The query was stopped at its time limit of ${timeMs / 1000} s.`,
  cancelled: () => 'The query was canceled.',
  memory_limit: () => 'The query was stopped at its memory limit.',
} as const satisfies Partial<Record<QueryErrorCode, (timeMs: number) => string>>;

export type Bounds = {
  timeMs: number;
  memoryBytes: number;
  signal?: AbortSignal | undefined;
};

/** A process that does one piece of work at a time, and what belongs to it. It knows nothing of this one's environment. */
export class QueryChild {
  readonly #process: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<string>;
  #lastWords = '';
  #session: Session | undefined;
  #hasAnswered = false;
  #asked: { resolve: (done: unknown) => void; reject: (error: unknown) => void } | undefined;
  #timer: PausableTimer | undefined;
  /** It is held to its memory once, for its life. */
  #wall: Promise<() => void> | undefined;
  #onExceeded = (): void => this.kill();

  /** @param program what the process runs, where it is not the usual one. */
  constructor(program = PROGRAM) {
    this.#process = fork(program, [], {
      // Threads of C++ reserve 64 MB of address space each for what they allocate, unless they share.
      env: { ...compileCache, TZ: 'UTC', MALLOC_ARENA_MAX: '2' },
      // Node's own WebAssembly reserves 10 GB of address space, unless it checks bounds itself: more than is left to a query.
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-wasm-trap-handler'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    // Whatever queries compute, the server answers first.
    try {
      if (this.#process.pid) setPriority(this.#process.pid, PRIORITY_BELOW_NORMAL);
    } catch (error) {
      this.#process.kill('SIGKILL');
      throw error;
    }
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS).toWellFormed();
    });
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#process.once('message', () => resolve());
      this.#exited.then((how) => reject(this.#death(how)));
    });
    this.#ready.catch(() => undefined); // said to whoever gives it work
    this.#process.on('message', (answer: Answer) => this.#hear(answer));
    this.#exited.then((how) => this.#asked?.reject(this.#death(how)));
    this.#letServerEnd();
  }

  /** What the process writes while it works. */
  get output(): Readable {
    return this.#process.stdout as Readable;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Where a query was begun at a server, and nobody knows that it ended there. */
  get sessionLeft(): Session | undefined {
    return this.#hasAnswered ? undefined : this.#session;
  }

  /** Resolves with what the process answers, or rejects with a QueryError: it never hangs past its bounds. */
  async work<Result>(order: Order, { timeMs, memoryBytes, signal }: Bounds): Promise<Result> {
    let stoppedFor: keyof typeof stops | undefined;
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: keyof typeof stops): void => {
      if (stoppedFor) return;
      stoppedFor = why;
      if (this.#process.connected) this.#process.send('stop' satisfies 'stop', () => undefined);
      killer = setTimeout(() => this.kill(), STOP_MS);
    };
    const cancel = () => stop('cancelled');
    const timer = new PausableTimer(timeMs, () => stop('time_limit'));
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    this.#process.ref();
    this.#process.channel?.ref();
    try {
      await this.#startUp();
      if (stoppedFor)
        throw new QueryError({ code: stoppedFor, message: stops[stoppedFor](timeMs) });
      this.#onExceeded = () => {
        stop('memory_limit');
        this.kill();
      };
      await this.#holdMemory(memoryBytes);
      return (await this.#answer(order, timer)) as Result;
    } catch (error) {
      if (stoppedFor === undefined) throw error instanceof QueryError ? error : unheld(error);
      throw new QueryError({ code: stoppedFor, message: stops[stoppedFor](timeMs) });
    } finally {
      timer.end();
      clearTimeout(killer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Ends it, after its query where that runs at a server, and waits until it is gone. */
  async end(): Promise<void> {
    this.#process.ref();
    if (this.sessionLeft && this.#process.connected) {
      this.#process.send('stop' satisfies 'stop', () => undefined);
      await Promise.race([this.#exited, sleep(STOP_MS)]);
    }
    this.kill();
    await this.#exited;
  }

  /** An idle process is no reason for the server's to stay. It ends itself once the server's is gone. */
  #letServerEnd(): void {
    this.#process.unref();
    this.#process.channel?.unref();
    for (const stream of [this.#process.stdout, this.#process.stderr])
      (stream as { unref(): void } | null | undefined)?.unref(); // none where the system starts no more
  }

  async #startUp(): Promise<void> {
    const timer = setTimeout(() => this.kill(), START_MS);
    await this.#ready.finally(() => clearTimeout(timer));
  }

  async #holdMemory(bytes: number): Promise<void> {
    const pid = this.#process.pid as number;
    this.#wall ??= holdMemory(pid, bytes, () => this.#onExceeded());
    const endWatch = await this.#wall;
    this.#exited.then(endWatch);
  }

  #answer(order: Order, timer: PausableTimer): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#timer = timer;
      if (!this.isAlive) this.#exited.then((how) => reject(this.#death(how)));
      this.#process.send(order, (error) => {
        if (error) this.kill(); // it is dying: how it died is the better answer
      });
    });
  }

  #hear(answer: Answer): void {
    if ('session' in answer) this.#session = answer.session;
    else if ('looking' in answer) {
      if (answer.looking) this.#timer?.pause(LOOK_MS);
      else this.#timer?.resume();
    } else if (!('ready' in answer)) {
      this.#hasAnswered = true;
      if ('failed' in answer) this.#asked?.reject(new QueryError(answer.failed));
      else this.#asked?.resolve(answer.done);
    }
  }

  #death(how: string): QueryError {
    if (/bad_alloc|out of memory|Cannot allocate memory/i.test(this.#lastWords))
      return new QueryError({ code: 'memory_limit', message: stops.memory_limit() });
    const message = `The process of the query ended (${how}) before the query did.`;
    return new QueryError({ code: 'process_died', message }, { cause: this.#lastWords });
  }
}

function unheld(cause: unknown): QueryError {
  const message = 'The memory of the query’s process could not be limited.';
  return new QueryError({ code: 'process_died', message }, { cause });
}
