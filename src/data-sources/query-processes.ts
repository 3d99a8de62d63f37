import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import type { ChartAsWritten } from '../charts/plan-picture.ts';
import type { Connection } from './kinds.ts';
import { QueryChild } from './query-child.ts';
import { QueryError } from './query-error.ts';
import type {
  Cut,
  Order,
  PrivateHosts,
  QueryJob,
  QueryResult,
  QueryTable,
  ResultFormat,
  Session,
} from './query-job.ts';
import { RowsProcess } from './rows-process.ts';
import { scratchOf } from './scratch.ts';
import { storageTroubleOf } from './storage-trouble.ts';

/** Whatever a query process does for us beside queries: looking at a data source, and writing a result in a format. */
const OWN_WORK = { timeMs: 15_000, memoryBytes: 1024 * 1024 * 1024 };
/** So long pictures of one result may take to be made. */
const DRAWING = { timeMs: 30_000, memoryBytes: 1024 * 1024 * 1024 };
const QUIET_MS = 200;

export type QueryProcessOptions = {
  /** How many processes wait for more work once there was some, so that a query need not wait for one to start. */
  spare?: number;
  /** Whether a data source may be on a private network, or on this machine. */
  privateHosts?: PrivateHosts;
  /** A folder where what is found out about data sources' files is kept; without one it is found out each time. */
  looks?: string;
};

/**
 * Runs users' SQL, each in a process of its own that is ended with it: whatever the SQL does, it takes no more time
 * and memory than it may, and the server answers on.
 */
export class QueryProcesses {
  readonly #spare: number;
  readonly #privateHosts: PrivateHosts;
  readonly #looks: string | undefined;
  readonly #waiting: QueryChild[] = [];
  readonly #working = new Set<QueryChild>();
  readonly #reading = new Set<RowsProcess>();
  #filler: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ spare = 1, privateHosts = 'allow', looks }: QueryProcessOptions = {}) {
    this.#looks = looks;
    this.#spare = spare;
    this.#privateHosts = privateHosts;
  }

  /**
   * Runs a query, and writes its result to `resultFile`.
   *
   * @throws QueryError
   * @throws StorageFaultError where the disk of this machine keeps it from that.
   */
  async run(
    job: QueryJob,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<QueryResult> {
    const { charts = [], ...query } = job;
    const order: Order = {
      action: 'run',
      privateHosts: this.#privateHosts,
      looks: this.#looks,
      ...query,
    };
    const { timeMs, memoryBytes } = job.limits;
    try {
      // Somebody may have taken the folder away.
      await mkdir(dirname(job.resultFile), { recursive: true });
      return await this.#work(order, async (child) => {
        const result = await child.work<QueryResult>(order, { timeMs, memoryBytes, signal });
        const pictures = await drawn(child, job.resultFile, charts, result, signal);
        return pictures ? { ...result, pictures } : result;
      });
    } finally {
      await rm(scratchOf(job.resultFile), { recursive: true, force: true });
    }
  }

  /** Resolves where the data source lets us in and answers. @throws QueryError */
  test(connection: Connection): Promise<void> {
    const privateHosts = this.#privateHosts;
    const order: Order = { action: 'test', connection, privateHosts, ...OWN_WORK };
    return this.#work(order, (child) => child.work(order, OWN_WORK));
  }

  /** The tables of a data source with their columns, as many as an editor can use. @throws QueryError */
  async describe(connection: Connection): Promise<QueryTable[]> {
    const privateHosts = this.#privateHosts;
    const looks = this.#looks;
    const scratch = await mkdtemp(join(tmpdir(), 'rollcall-tables-'));
    const action = 'describe';
    const order: Order = { action, connection, privateHosts, looks, scratch, ...OWN_WORK };
    try {
      return await this.#work(order, (child) => child.work(order, OWN_WORK));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /**
   * The pictures that charts make of a whole result, as JSON, in the order of the charts.
   *
   * @param cut where the result was cut at its limits.
   * @throws QueryError
   */
  draw(
    parquetFile: string,
    charts: readonly ChartAsWritten[],
    { cut, signal }: { cut?: Cut | undefined; signal?: AbortSignal } = {},
  ): Promise<string[]> {
    const { memoryBytes } = DRAWING;
    const order: Order = { action: 'draw', parquetFile, charts, cut, memoryBytes };
    return this.#work(order, (child) => child.work(order, { ...DRAWING, signal }));
  }

  /**
   * A result's rows in a format, as they are read: a slow reader slows the process down, and one that goes away ends
   * it. CSV is as RFC 4180 has it, with a header; JSON one array of objects; NDJSON an object a line.
   *
   * @param safeForSpreadsheets puts `'` before a text cell of CSV that a spreadsheet would take for a formula.
   */
  convert(
    parquetFile: string,
    {
      format,
      safeForSpreadsheets = false,
    }: { format: ResultFormat; safeForSpreadsheets?: boolean },
  ): Readable {
    const output = new PassThrough();
    const reader = new AbortController();
    const order: Order = { action: 'convert', parquetFile, format, safeForSpreadsheets };
    const bounds = { ...OWN_WORK, timeMs: Number.POSITIVE_INFINITY, signal: reader.signal };
    let written: Promise<unknown> | undefined;
    this.#work(order, (child) => {
      const { output: bytes } = child;
      bytes.pipe(output, { end: false });
      written = once(bytes, 'end');
      output.once('close', () => {
        reader.abort();
        bytes.destroy();
      });
      return child.work(order, bounds);
    })
      .then(() => written)
      .then(
        () => output.end(),
        (error) => output.destroy(error),
      );
    return output;
  }

  /**
   * Opens a result to read rows of it, in a process that stays until it is ended.
   *
   * @param onEnd called when the process has ended.
   */
  openRows(parquetFile: string, onEnd: () => unknown): RowsProcess {
    if (this.#isClosed) throw closed();
    const reading = new RowsProcess(this.#take(), parquetFile, () => {
      this.#reading.delete(reading);
      return onEnd();
    });
    this.#reading.add(reading);
    this.#fillWhenQuiet();
    return reading;
  }

  /** Ends every process; the queries that run in them are cancelled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#filler);
    await Promise.all([
      ...[...this.#waiting, ...this.#working].map((child) => child.end()),
      ...[...this.#reading].map((reading) => reading.kill()),
    ]);
  }

  async #work<Result>(order: Order, work: (child: QueryChild) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closed();
    const child = this.#take();
    this.#working.add(child);
    try {
      return await work(child);
    } catch (error) {
      throw this.#isClosed ? closed() : (storageTroubleOf(error) ?? error);
    } finally {
      this.#working.delete(child);
      child.kill();
      if (order.action === 'run' && child.sessionLeft) this.#stopAtSource(order, child.sessionLeft);
      this.#fillWhenQuiet();
    }
  }

  /** Ends at its server the query of a process that was killed, which could not do so itself. */
  #stopAtSource(
    { connection, privateHosts }: Extract<Order, { action: 'run' }>,
    session: Session,
  ): void {
    const order: Order = { action: 'stop', session, connection, privateHosts, ...OWN_WORK };
    this.#work(order, (child) => child.work(order, OWN_WORK)).catch(() => undefined); // its limit of time at the server is left
  }

  /** A process that waits, or else a new one. */
  #take(): QueryChild {
    let child = this.#waiting.shift();
    while (child && !child.isAlive) child = this.#waiting.shift();
    return child ?? new QueryChild();
  }

  /** To start a process takes a sixth of a second of a processor: not while one works, whose time it would be. */
  #fillWhenQuiet(): void {
    clearTimeout(this.#filler);
    this.#filler = setTimeout(() => {
      if (this.#working.size === 0) this.#fill();
    }, QUIET_MS).unref();
  }

  #fill(): void {
    try {
      while (!this.#isClosed && this.#waiting.length < this.#spare)
        this.#waiting.push(new QueryChild());
    } catch {
      // There may be no memory for it just now. The next query starts its own, and says so if it cannot.
    }
  }
}

function closed(): QueryError {
  return new QueryError({ code: 'cancelled', message: 'The server is stopping.' });
}

/** Pictures of what a process has just brought; undefined where they cannot be made, for the rows are there all the same. */
async function drawn(
  child: QueryChild,
  parquetFile: string,
  charts: readonly ChartAsWritten[],
  { rows, truncated }: QueryResult,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  if (charts.length === 0) return undefined;
  const cut: Cut | undefined = truncated ? { rows, by: 'run' } : undefined;
  const { memoryBytes } = DRAWING;
  const order: Order = { action: 'draw', parquetFile, charts, cut, memoryBytes };
  try {
    return await child.work(order, { ...DRAWING, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}
