import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, wireTime } from '../clock.ts';
import {
  type Database,
  type Store,
  StoreBusyError,
  StoreUnavailableError,
} from '../database/database.ts';
import { UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { analyzeRows } from '../inventory/row-store.ts';
import {
  beginUnpublished,
  changeUnpublished,
  dropChanges,
  publishChanges,
  type RowWriter,
} from '../inventory/row-writer.ts';
import { storageFaultOf } from '../storage-fault.ts';
import { applySlice } from './apply-slice.ts';
import {
  addImport,
  addImportStep,
  deleteImport,
  deleteImportSteps,
  deleteReplacedRows,
  findImport,
  getImportStep,
  holdImport,
  type ImportState,
  type StoredImport,
  saveImport,
  takeImport,
} from './import-store.ts';
import { withSpared } from './plan-import.ts';
import { readSlice, type Slice, writeSlice } from './slice.ts';
import { ImportUndoneError, type Undone, undoSome } from './undo-import.ts';

/** How long a process that is not heard of is believed to be alive. */
export const LEASE_MS = 15_000;
/** As many rows a transaction writes as others can wait for. */
const ROWS_AT_ONCE = 2000;
/** A step has a thousand rows at most, a megabyte or so. */
const STEPS_AT_ONCE = 5;
/** How many processes may end during an import, one after the other, before it came any further. */
const MOST_ATTEMPTS = 5;
/** Between two transactions everybody who waits for the store tries once. */
const TURN_MS = 15;
const ASK_AGAIN_MS = 250;

export type RunParts = {
  database: Database;
  organizationId: number;
  clock: Clock;
  identifiers: Identifiers;
  /** Asked between two transactions; what is left then is left to another process. */
  isStopped?: () => boolean;
};

/** What is written down once an import is done, or undone, in the transaction that publishes it. */
export type RecordImport = {
  done(store: Store, outcome: string): Promise<void>;
  undone(store: Store, outcome: string, reason: string): Promise<void>;
};

/**
 * An import on its way through an organization, where nobody else changes rows meanwhile. Its steps are first written
 * down, then done in slices that followers do not see, then published all at once. Whichever process begins a slice
 * holds the import; one that is not heard of loses it to another, which goes on.
 */
export class ImportRun {
  readonly #parts: RunParts;
  readonly #token: string;
  readonly #alive: NodeJS.Timeout;
  /** How many steps are written down, and those that are not yet. */
  #steps = 0;
  #unwritten: string[] = [];

  private constructor(parts: RunParts, token: string) {
    this.#parts = parts;
    this.#token = token;
    // Comparing what is the same writes nothing, and may take long.
    this.#alive = setInterval(() => {
      parts.database.transaction((store) => this.#hold(store)).catch(() => undefined);
    }, LEASE_MS / 3).unref();
  }

  /**
   * Begins an import, after the end of one that another process has left.
   *
   * @throws UserError where another process is importing.
   */
  static async begin(parts: RunParts, record: RecordImport): Promise<ImportRun> {
    const { database, organizationId, clock, identifiers } = parts;
    let seen: { leasedUntil: string; atMs: number } | undefined;
    for (;;) {
      const found = await findImport(database, organizationId);
      if (found === undefined) {
        const token = identifiers.token();
        await database.transaction(async (store) => {
          await beginUnpublished(store, organizationId);
          await addImport(store, organizationId, { token, leasedUntil: leaseFrom(clock) });
        });
        return new ImportRun(parts, token);
      }
      if (seen !== undefined && found.leasedUntil !== seen.leasedUntil)
        throw new UserError(
          'Another process is importing into this organization. Import again when it is done.',
        );
      seen ??= { leasedUntil: found.leasedUntil, atMs: clock() };
      const isLost = found.leasedUntil < wireTime(clock()) || clock() - seen.atMs > LEASE_MS;
      if (isLost) {
        await ImportRun.settle(parts, record, found).catch((error) => {
          if (!(error instanceof ImportUndoneError)) throw error;
        });
        seen = undefined;
      } else {
        await sleep(ASK_AGAIN_MS);
      }
    }
  }

  /** Brings an import that another process has left to its end: what was not planned to the end is dropped. */
  static async settle(
    parts: RunParts,
    record: RecordImport,
    found: StoredImport | undefined,
    log: (message: string) => void = () => undefined,
  ): Promise<void> {
    const { database, organizationId, clock, identifiers } = parts;
    if (found === undefined) return;
    const to = { token: identifiers.token(), leasedUntil: leaseFrom(clock) };
    const taken = await database.transaction((store) =>
      takeImport(store, organizationId, found, to),
    );
    if (taken === undefined) return;
    const run = new ImportRun(parts, to.token);
    const isUndone = taken.state === 'planning';
    log(`import taken over: its process stopped responding while ${taken.state}`);
    try {
      if (isUndone) await run.drop();
      else await run.finish(record);
      log(isUndone ? 'import undone: it had not been planned to the end' : 'import completed');
    } finally {
      run.leave();
    }
  }

  /** Writes a step down, together with others. */
  async plan(slice: Slice): Promise<void> {
    this.#unwritten.push(writeSlice(slice));
    if (this.#unwritten.length < STEPS_AT_ONCE) return;
    await this.#inTransaction((store) => this.#writeSteps(store));
    this.#steps += this.#unwritten.length;
    this.#unwritten = [];
  }

  async #writeSteps(store: Store): Promise<void> {
    const { organizationId } = this.#parts;
    for (const [index, content] of this.#unwritten.entries())
      await addImportStep(store, organizationId, this.#steps + index + 1, content);
  }

  /**
   * Says that all steps are written down: from here on the import goes on to its end, whatever becomes of the process.
   *
   * @param giveNumbers takes the numbers that the steps give to things made here.
   */
  async seal(outcome: string, giveNumbers: (writer: RowWriter) => void): Promise<void> {
    const { organizationId } = this.#parts;
    const steps = this.#steps + this.#unwritten.length;
    await this.#inTransaction(async (store) => {
      await this.#writeSteps(store);
      await changeUnpublished(store, organizationId, async (writer) => giveNumbers(writer));
      const state = { state: 'applying', steps, stepsDone: 0, outcome } as const;
      await saveImport(store, organizationId, state);
    });
  }

  /**
   * Does what is left of the steps, publishes it, and clears up: a small import in one transaction, a large one in many. One
   * that fails by a fault of ours, or ends each process that takes it over, is undone: nobody else could change the
   * organization any more.
   *
   * @throws ImportUndoneError
   */
  async finish(
    record: RecordImport,
    onProgress?: (steps: number, count: number) => void,
  ): Promise<void> {
    const { database, organizationId } = this.#parts;
    const found = await findImport(database, organizationId);
    const isBeingUndone = found?.state === 'clearing' || found?.state === 'restoring';
    if (isBeingUndone) return this.#undo(record, 'another process began to undo it');
    if (found && found.attempts >= MOST_ATTEMPTS)
      return this.#undo(record, `${found.attempts} processes in a row ended during it`);
    try {
      await this.#goOn(record, onProgress);
    } catch (error) {
      const mayWorkLater =
        error instanceof UserError ||
        error instanceof StoreBusyError ||
        error instanceof StoreUnavailableError ||
        storageFaultOf(error) !== undefined;
      const failed = mayWorkLater ? undefined : await findImport(database, organizationId);
      if (failed?.state !== 'applying') throw error;
      const { message } = error as Error;
      await this.#undo(record, message).catch(() => {
        throw error;
      });
      throw new ImportUndoneError(message, { cause: error });
    }
  }

  async #goOn(
    record: RecordImport,
    onProgress?: (steps: number, count: number) => void,
  ): Promise<void> {
    const { database, isStopped } = this.#parts;
    let isLarge = false;
    for (let turns = 1; !isStopped?.(); turns++) {
      const left = await this.#inTransaction(async (store, held) => {
        const applied = held.state === 'applying' ? await this.#apply(store, held, record) : held;
        const isSmall = held.stepsDone === 0 && applied.state === 'published';
        return isSmall || held.state === 'published' ? this.#clearUp(store, applied) : applied;
      });
      if (left) onProgress?.(left.stepsDone, left.steps);
      isLarge ||= left !== undefined;
      // The first rows of many are written into a store that knows of few.
      if (isLarge && (left === undefined || Number.isInteger(Math.log2(turns))))
        await analyzeRows(database);
      if (left === undefined) return;
      await sleep(TURN_MS);
    }
  }

  /** Brings the rows back to what they were before the import, and writes down why. */
  async #undo(record: RecordImport, reason: string): Promise<void> {
    const { organizationId, clock, isStopped } = this.#parts;
    for (let after: Undone['after']; !isStopped?.(); ) {
      const undone = await this.#inTransaction(async (store, held) => {
        const how = { most: ROWS_AT_ONCE, nowMs: clock(), after };
        const some = await undoSome(store, organizationId, held, how);
        if (some.state === 'published') await record.undone(store, held.outcome as string, reason);
        return some;
      });
      if (undone.state === 'published') break;
      after = undone.after;
      await sleep(TURN_MS);
    }
    await this.#clearUpAll();
  }

  /** Deletes what is left of an import that is published. */
  async #clearUpAll(): Promise<void> {
    const { isStopped } = this.#parts;
    while (!isStopped?.()) {
      if (!(await this.#inTransaction((store, held) => this.#clearUp(store, held)))) return;
      await sleep(TURN_MS);
    }
  }

  /** Forgets all that was written down, of which nothing is done. */
  async drop(): Promise<void> {
    const { organizationId, isStopped } = this.#parts;
    while (!isStopped?.()) {
      const isDropped = await this.#inTransaction(async (store) => {
        const some = 4 * STEPS_AT_ONCE;
        if ((await deleteImportSteps(store, organizationId, some)) === some) return false;
        await dropChanges(store, organizationId);
        await deleteImport(store, organizationId);
        return true;
      });
      if (isDropped) return;
      await sleep(TURN_MS);
    }
  }

  /** Lets go of what it takes to hold the import. */
  leave(): void {
    clearInterval(this.#alive);
  }

  /** Does the next steps and, once all are done, publishes them. */
  async #apply(store: Store, held: StoredImport, record: RecordImport): Promise<StoredImport> {
    const { organizationId, clock } = this.#parts;
    let { stepsDone, outcome } = held;
    await changeUnpublished(store, organizationId, async (writer) => {
      const parts = { store, writer, organizationId };
      const how = { nowMs: clock(), most: ROWS_AT_ONCE };
      for (let rows = 0; stepsDone < held.steps && rows < ROWS_AT_ONCE; ) {
        const slice = readSlice(await getImportStep(store, organizationId, stepsDone + 1));
        const turn = await applySlice(parts, slice, how);
        rows += turn.rows;
        if (turn.spared)
          outcome = JSON.stringify(withSpared(JSON.parse(outcome as string), turn.spared));
        if (!turn.isDone) break;
        stepsDone++;
      }
    });
    await deleteImportSteps(store, organizationId, stepsDone - held.stepsDone);
    const isDone = stepsDone === held.steps;
    const state: ImportState = isDone ? 'published' : 'applying';
    const applied = { ...held, stepsDone, state, outcome };
    await saveImport(store, organizationId, applied);
    if (isDone) {
      await publishChanges(store, organizationId);
      await record.done(store, outcome as string);
    }
    return applied;
  }

  /** Deletes some of what was kept of rows as they were before; the import is gone with the last. */
  async #clearUp(store: Store, held: StoredImport): Promise<StoredImport | undefined> {
    const { organizationId } = this.#parts;
    if ((await deleteImportSteps(store, organizationId, STEPS_AT_ONCE)) > 0) return held;
    const deleted = await deleteReplacedRows(store, organizationId, ROWS_AT_ONCE);
    if (deleted === ROWS_AT_ONCE) return held;
    await deleteImport(store, organizationId);
    return undefined;
  }

  #inTransaction<Result>(
    work: (store: Store, held: StoredImport) => Promise<Result>,
  ): Promise<Result> {
    return this.#parts.database.transaction(async (store) => work(store, await this.#hold(store)));
  }

  async #hold(store: Store): Promise<StoredImport> {
    const { organizationId, clock } = this.#parts;
    const mine = { token: this.#token, leasedUntil: leaseFrom(clock) };
    const held = await holdImport(store, organizationId, mine);
    if (held) return held;
    throw new UserError(
      'This process did not respond for a while, so another one has taken over the import.',
    );
  }
}

function leaseFrom(clock: Clock): string {
  return wireTime(clock() + LEASE_MS);
}
