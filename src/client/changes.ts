import { RollcallError } from './errors.ts';
import { type Exchange, getJson } from './exchange.ts';
import { requireRows } from './page.ts';
import type { ListName, Rows } from './rows.ts';

/** A row as it is now. */
type ChangedRow<Name extends ListName> = {
  list: Name;
  /** The row's place in the order of its list, which no edit changes. */
  place: number;
  row: Rows[Name];
  deleted?: undefined;
};

/** What tells that a view no longer holds a row. */
export type Deletion = {
  list: ListName;
  place: number;
  /** What identified the row in its list. */
  id: number;
  token: string;
  deleted: true;
};

/** What became of one row. */
export type Change = { [Name in ListName]: ChangedRow<Name> }[ListName] | Deletion;

/** The changes of one answer, the cursor after them, and whether there are more already. */
export type ChangeBatch = { changes: Change[]; cursor: string; more: boolean };

export type ChangeOptions = {
  /** The cursor to go on from; without it, every row comes that there is. */
  after?: string | undefined;
  /** With 'all', what lies in members' personal spaces is told too. It must stay the same as long as a cursor is used. */
  includeSpaces?: 'all' | undefined;
  /** For how many seconds the server may hold an answer back until there is a change: 0, which is the default, to 60. */
  wait?: number | undefined;
  /** How many changes the server looks at for one answer: 1 to 1,000, which is the default. */
  limit?: number | undefined;
  /** Ends the call: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
};

type Target = { exchange: Exchange; url: string; authorization: string };

/** One answer of the server. An endless caller asks again where a wait is ended on the way, however often. */
export async function readChanges(
  { exchange, url, authorization }: Target,
  { after, includeSpaces, wait, limit, signal }: ChangeOptions,
  { isEndless = false } = {},
): Promise<ChangeBatch> {
  const query = new URLSearchParams();
  if (after !== undefined) query.set('after', after);
  if (includeSpaces !== undefined) query.set('include_spaces', includeSpaces);
  if (wait !== undefined) query.set('wait', String(wait));
  if (limit !== undefined) query.set('limit', String(limit));
  const waiting = { ...exchange, timeoutMs: exchange.timeoutMs + (wait ?? 0) * 1000 };
  const target = query.size === 0 ? url : `${url}?${query}`;
  const heldMs = isEndless ? (wait ?? 0) * 1000 : 0;
  const answer = await getJson(waiting, { url: target, authorization, signal }, { heldMs });
  return toBatch(url, answer);
}

function toBatch(url: string, answer: unknown): ChangeBatch {
  const { changes, cursor, more } = (answer ?? {}) as Record<string, unknown>;
  if (Array.isArray(changes) && typeof cursor === 'string' && typeof more === 'boolean') {
    requireRows(url, 'changes', changes);
    return { changes: changes as Change[], cursor, more };
  }
  throw new RollcallError(
    'unexpected_answer',
    `The response of ${url} does not contain changes. Is it the URL of a Rollcall server?`,
  );
}

/**
 * The changes of an organization, to be iterated over. Without `wait` it ends when there are no more; with it, it goes
 * on for what comes, until its signal is aborted.
 */
export class Changes implements AsyncIterable<Change, void, void> {
  readonly #target: Target;
  readonly #options: ChangeOptions;
  #cursor: string | undefined;

  constructor(target: Target, options: ChangeOptions) {
    this.#target = target;
    this.#options = options;
    this.#cursor = options.after;
  }

  /**
   * Where to go on another time: the cursor after the last batch of which every change was dealt with, which is when the
   * one after it was asked for. Who stops in the middle of a batch gets that batch again.
   */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The same, batch by batch. */
  async *batches(): AsyncGenerator<ChangeBatch, void, void> {
    for (let isIdle = false; !isIdle; ) {
      const asked = { ...this.#options, after: this.#cursor };
      const batch = await readChanges(this.#target, asked, { isEndless: true });
      if (batch.changes.length > 0) yield batch;
      this.#cursor = batch.cursor;
      isIdle = !batch.more && !this.#options.wait;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, void> {
    for await (const { changes } of this.batches()) yield* changes;
  }
}
