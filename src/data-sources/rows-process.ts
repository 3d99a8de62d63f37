import type { ChartAsWritten } from '../charts/plan-picture.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { PivotRange } from './pivot-range.ts';
import type { QueryChild } from './query-child.ts';
import { QueryError } from './query-error.ts';
import type { Cut, Order } from './query-job.ts';
import type { RowsPage, RowsRange, RowsView, RowTotal } from './rows-view.ts';
import { storageTroubleOf } from './storage-trouble.ts';

/** How long one page may take, and what the process may take for the orders that it keeps. */
const READING = { timeMs: 30_000, memoryBytes: 1024 * 1024 * 1024 };

type OfResult = 'parquetFile' | 'memoryBytes';
/** What is read of the result. */
type Reading =
  | Omit<Extract<Order, { action: 'rows' }>, OfResult>
  | Omit<Extract<Order, { action: 'pivot' }>, OfResult>;

/** A process that has a result open and reads parts of it, one after the other, until it is ended. */
export class RowsProcess {
  readonly #child: QueryChild;
  readonly #parquetFile: string;
  readonly #inTurn = limitConcurrency(1);
  readonly #onEnd: () => unknown;
  #ended: Promise<void> | undefined;
  #isBroken = false;

  constructor(child: QueryChild, parquetFile: string, onEnd: () => unknown) {
    this.#child = child;
    this.#parquetFile = parquetFile;
    this.#onEnd = onEnd;
  }

  /**
   * Rows of a view, and totals of all of its rows; undefined where the process has ended or broken down before. If the next
   * page would take longer than reading it, the process prepares it meanwhile.
   *
   * @param signal skips the work if it is aborted before its turn.
   * @throws QueryError `sql_error` for a value that its column cannot be compared with; after any other the process is
   *   of no more use.
   */
  async page(
    { view, ...asked }: { view: RowsView; range: RowsRange; totals: readonly RowTotal[] },
    signal?: AbortSignal,
  ): Promise<RowsPage | undefined> {
    const page = await this.#read<RowsPage>({ action: 'rows', view, ...asked }, signal);
    // What goes wrong here is left: the next page is read without it, or says so.
    if (page && !page.isPrepared)
      this.#inTurn(() => this.#work({ action: 'rows', view })).catch(() => undefined);
    return page;
  }

  /** JSON of a part of a pivot table, as `page` has it. */
  pivot(
    asked: { chart: ChartAsWritten; range: PivotRange; cut: Cut | undefined },
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    return this.#read<string>({ action: 'pivot', ...asked }, signal);
  }

  /** Ends it after the work that it has begun or was given. */
  end(): Promise<void> {
    this.#ended ??= this.#inTurn(() => this.kill());
    return this.#ended;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    await this.#child.end();
    await this.#onEnd();
  }

  #read<Result>(reading: Reading, signal: AbortSignal | undefined): Promise<Result | undefined> {
    return this.#inTurn(async () => {
      signal?.throwIfAborted();
      if (this.#isBroken || !this.#child.isAlive) return undefined;
      return this.#work<Result>(reading);
    });
  }

  async #work<Result>(reading: Reading): Promise<Result> {
    const { memoryBytes } = READING;
    const parquetFile = this.#parquetFile;
    try {
      return await this.#child.work<Result>({ ...reading, parquetFile, memoryBytes }, READING);
    } catch (error) {
      this.#isBroken = !(error instanceof QueryError && error.code === 'sql_error');
      throw storageTroubleOf(error) ?? error;
    }
  }
}
