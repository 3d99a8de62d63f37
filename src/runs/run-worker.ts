import { setTimeout as sleep } from 'node:timers/promises';
import { wireTime } from '../clock.ts';
import type { FindFault } from '../data-sources/equipment.ts';
import type { ExecutionParts } from './execute-query.ts';
import { executeRun, type RunEnd, type StopReason } from './execute-run.ts';
import { type ClaimedRun, claimRun, LEASE_MS, recoverLostRuns } from './run-queue.ts';
import { type LostRun, lookAtLease, renewLease } from './run-queue-store.ts';

/** How often a worker looks for what other processes did: enqueued a run, cancelled one, or died with one. */
const LOOK_MS = 1_000;
const RENEW_MS = LEASE_MS / 3;
/** How long a worker that stops lets its runs go on, unless it is told otherwise. */
const STOP_MS = 5_000;

export type WorkerParts = ExecutionParts & {
  /** How many runs are executed at once; with 0, the worker only looks after those of others that were lost. */
  atOnce: number;
  /** How many runs of one organization are executed at once, by all workers together. */
  mostRunning: number;
  /** What keeps this worker from executing runs as others would: while anything does, it takes none. */
  findFault: FindFault;
  /** How long runs may go on once the worker stops. */
  stopMs?: number;
  /** Told of every run that begins here. */
  onStart?: (taken: ClaimedRun) => void;
  /** Told of every run that has ended here, or was left for another worker, which is no end. */
  onEnd?: (taken: ClaimedRun, end: RunEnd | undefined, seconds: number) => void;
  /** Told of every run of a worker that is not heard of any more. */
  onLost?: (run: LostRun) => void;
};

/** A run that this worker executes. */
type Held = { taken: ClaimedRun; stop: AbortController; ended: Promise<void>; renewedMs: number };

/** Executes the runs that wait in the store, beside all other workers on it. */
export class RunWorker {
  readonly #parts: WorkerParts;
  readonly #held = new Set<Held>();
  readonly #stopped = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #recovering: Promise<void> | undefined;
  #taking: Promise<void> = Promise.resolve();
  #isTaking = false;
  #takesAgain = false;
  #isStopping = false;
  #isFailing = false;
  /** What keeps it from taking runs. */
  #fault: string | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#looking = this.#look();
  }

  /** Says that a run was enqueued, which need not wait until it is found. */
  wake(): void {
    this.#takesAgain = true;
    if (!this.#isTaking) this.#taking = this.#take();
  }

  /** Says that a run is to be cancelled; see `wake`. */
  cancel(organizationId: number, runNumber: number): void {
    for (const { taken, stop } of this.#held) {
      const isIt = taken.organization.id === organizationId && taken.lease.runNumber === runNumber;
      if (isIt) stop.abort('cancelled' satisfies StopReason);
    }
  }

  /** Takes nothing any more; runs that do not end soon are given back, for another worker to begin anew. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#taking;
    const ended = Promise.all([...this.#held].map((held) => held.ended));
    await Promise.race([ended, sleep(this.#parts.stopMs ?? STOP_MS, undefined, { ref: false })]);
    for (const { stop } of this.#held) stop.abort('stopping' satisfies StopReason);
    await ended;
    this.#stopped.abort();
    await this.#looking;
    await this.#recovering;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        // From before our own leases are renewed: a machine that was asleep must not take its own runs for lost.
        const nowMs = this.#parts.clock();
        for (const held of this.#held) await this.#lookAfter(held);
        if (!this.#isStopping) this.#recovering ??= this.#recover(nowMs);
      } catch (error) {
        this.#fail(error as Error);
      }
      this.wake();
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Beside what else is looked after: it may have to wait for others, while our own leases go on. */
  async #recover(nowMs: number): Promise<void> {
    try {
      await recoverLostRuns(this.#parts.database, nowMs, this.#parts.onLost);
      this.#isFailing = false;
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#recovering = undefined;
    this.wake();
  }

  /** Keeps a run ours, and ends it here where that is wanted or it is no longer ours. */
  async #lookAfter(held: Held): Promise<void> {
    const { database, clock } = this.#parts;
    const { organization, lease } = held.taken;
    const nowMs = clock();
    if (nowMs - held.renewedMs >= RENEW_MS) {
      await renewLease(database, organization.id, lease, wireTime(nowMs + LEASE_MS));
      held.renewedMs = nowMs;
    }
    const state = await lookAtLease(database, organization.id, lease);
    if (state !== 'held') held.stop.abort(state satisfies StopReason);
  }

  async #take(): Promise<void> {
    this.#isTaking = true;
    try {
      while (this.#takesAgain) {
        this.#takesAgain = false;
        if (await this.#isUnfit()) continue;
        while (!this.#isStopping && this.#held.size < this.#parts.atOnce) {
          const taken = await claimRun(this.#parts.database, this.#parts);
          if (taken === undefined) break;
          this.#begin(taken);
        }
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#isTaking = false;
    }
  }

  /** Whether anything keeps it from executing runs, which is told once. */
  async #isUnfit(): Promise<boolean> {
    const { atOnce, findFault, onFault } = this.#parts;
    if (atOnce === 0) return false;
    const before = this.#fault;
    this.#fault = (await findFault())?.message;
    if (this.#fault !== undefined && this.#fault !== before) {
      onFault(new Error(`No runs are taken. ${this.#fault}`));
    }
    return this.#fault !== undefined;
  }

  #begin(taken: ClaimedRun): void {
    const { onStart, onEnd, onFault } = this.#parts;
    const stop = new AbortController();
    const startedMs = performance.now();
    onStart?.(taken);
    const ended = executeRun(this.#parts, taken, stop.signal)
      .then((end) => onEnd?.(taken, end, (performance.now() - startedMs) / 1000), onFault)
      .finally(() => {
        this.#held.delete(held);
        this.wake();
      });
    const held = { taken, stop, ended, renewedMs: taken.takenMs };
    this.#held.add(held);
  }

  /** A store that is away is told of once, not every second. */
  #fail(error: Error): void {
    if (!this.#isFailing) this.#parts.onFault(error);
    this.#isFailing = true;
  }
}
