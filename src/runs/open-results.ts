import { rm } from 'node:fs/promises';
import type { ChartAsWritten } from '../charts/plan-picture.ts';
import type { PivotRange } from '../data-sources/pivot-range.ts';
import { QueryError } from '../data-sources/query-error.ts';
import type { RowsProcess } from '../data-sources/rows-process.ts';
import type { RowsPage, RowsRange, RowsView, RowTotal } from '../data-sources/rows-view.ts';
import { scratchOf } from '../data-sources/scratch.ts';
import { ApiError } from '../errors.ts';
import { openResultFile, type ResultParts } from './get-result.ts';
import { type BriefQueryRun, cutOf } from './run.ts';

/** Each takes a process, its memory, and the disk that the result lies on. */
const MAX_OPEN = 6;
const MAX_OPEN_OF_ORGANIZATION = 4;
/** A result that is not looked at for so long is closed. */
const IDLE_MS = 3 * 60_000;
/** So many may wait for pages of one result. */
const MAX_WAITING = 20;

type OpenResult = {
  organizationId: number;
  process: Promise<RowsProcess>;
  waiting: number;
  idle?: NodeJS.Timeout;
};

/**
 * The results whose rows people look at: each stays open for some minutes, so that its next page is read at once. When
 * there are too many, of the server or of one organization, that which was not looked at for longest is closed.
 */
export class OpenResults {
  readonly #parts: ResultParts;
  readonly #limits: { open: number; openOfOrganization: number };
  /** Those last used at the end. */
  readonly #open = new Map<string, OpenResult>();

  constructor(
    parts: ResultParts,
    limits = { open: MAX_OPEN, openOfOrganization: MAX_OPEN_OF_ORGANIZATION },
  ) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /**
   * Rows of a view of a result, and totals of all of its rows.
   *
   * @param disconnectSignal work that has not begun is left out if the caller goes away.
   * @throws ApiError not_found for a result that has expired, bad_request for a filter's value that is not of its column,
   *   a sum of what is no number, or for work that takes too much.
   */
  page(
    organizationId: number,
    queryRun: BriefQueryRun,
    asked: { view: RowsView; range: RowsRange; totals: readonly RowTotal[] },
    disconnectSignal: AbortSignal,
  ): Promise<RowsPage> {
    const read = (process: RowsProcess) => process.page(asked, disconnectSignal);
    return this.#read(organizationId, queryRun, read, disconnectSignal);
  }

  /** JSON of a part of a pivot table of a result, as `page` has it. */
  pivot(
    organizationId: number,
    queryRun: BriefQueryRun,
    asked: { chart: ChartAsWritten; range: PivotRange },
    disconnectSignal: AbortSignal,
  ): Promise<string> {
    const { result } = queryRun;
    const read = (process: RowsProcess) =>
      process.pivot({ ...asked, cut: cutOf(result) }, disconnectSignal);
    return this.#read(organizationId, queryRun, read, disconnectSignal);
  }

  async #read<Part>(
    organizationId: number,
    queryRun: BriefQueryRun,
    read: (process: RowsProcess) => Promise<Part | undefined>,
    disconnectSignal: AbortSignal,
  ): Promise<Part> {
    const { runNumber, position, attempt } = queryRun;
    const key = JSON.stringify([organizationId, runNumber, position, attempt]);
    const result = this.#use(key, organizationId, queryRun);
    if (result.waiting >= MAX_WAITING) throw tooManyWaiting();
    result.waiting++;
    try {
      const part = await read(await result.process);
      if (part !== undefined) return part;
      await this.#close(key, result);
    } catch (error) {
      if (disconnectSignal.aborted) throw callerLeft();
      if (error instanceof QueryError && error.code === 'sql_error') throw refused(error.message);
      await this.#close(key, result);
      throw error instanceof QueryError ? failed(error) : error;
    } finally {
      result.waiting--;
      this.#closeWhenIdle(key, result);
    }
    return this.#read(organizationId, queryRun, read, disconnectSignal);
  }

  #use(key: string, organizationId: number, queryRun: BriefQueryRun): OpenResult {
    const open = this.#open.get(key);
    const result = open ?? {
      organizationId,
      process: this.#start(organizationId, queryRun, this.#makeRoom(organizationId)),
      waiting: 0,
    };
    clearTimeout(result.idle);
    this.#open.delete(key);
    this.#open.set(key, result);
    return result;
  }

  /**
   * Closes what there is no room for beside one more, if possible one that nobody waits for; resolves when that has ended,
   * after the work that it had.
   */
  #makeRoom(organizationId: number): Promise<void> | undefined {
    const { open, openOfOrganization } = this.#limits;
    const all = [...this.#open];
    const own = all.filter(([, one]) => one.organizationId === organizationId);
    const choice = own.length >= openOfOrganization ? own : all.length >= open ? all : [];
    const closed = choice.find(([, { waiting }]) => waiting === 0) ?? choice[0];
    return closed && this.#close(...closed);
  }

  async #start(
    organizationId: number,
    queryRun: BriefQueryRun,
    room: Promise<void> | undefined,
  ): Promise<RowsProcess> {
    await room;
    const { file, remove } = await openResultFile(this.#parts, organizationId, queryRun);
    const clear = async () => {
      await remove();
      await rm(scratchOf(file), { recursive: true, force: true });
    };
    try {
      return this.#parts.queryProcesses.openRows(file, clear);
    } catch (error) {
      await clear();
      throw error;
    }
  }

  async #close(key: string, result: OpenResult): Promise<void> {
    clearTimeout(result.idle);
    if (this.#open.get(key) === result) this.#open.delete(key);
    const process = await result.process.catch(() => undefined); // it was never open
    await process?.end();
  }

  #closeWhenIdle(key: string, result: OpenResult): void {
    clearTimeout(result.idle);
    if (result.waiting > 0 || this.#open.get(key) !== result) return;
    result.idle = setTimeout(() => void this.#close(key, result), IDLE_MS).unref();
  }
}

function refused(message: string): ApiError {
  return new ApiError('bad_request', message);
}

function callerLeft(): ApiError {
  return new ApiError('request_timeout', 'The client disconnected.');
}

function tooManyWaiting(): ApiError {
  return new ApiError(
    'queue_full',
    `${MAX_WAITING} requests are waiting for rows of this result.`,
    'Try again when they are done.',
  );
}

function failed({ code }: QueryError): ApiError {
  if (code === 'cancelled')
    return new ApiError('busy', 'The server is stopping.', undefined, { retryAfterSeconds: 5 });
  return new ApiError(
    'bad_request',
    'Sorting or filtering this result takes more time or memory than the server allows.',
    'Sort and filter by fewer or shorter columns, or do it in the query.',
  );
}
