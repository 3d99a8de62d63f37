import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database/database.ts';
import {
  DamagedFileError,
  type StorageFault,
  storageFaultOf,
  storageFaults,
  TRIED,
} from './storage-fault.ts';

/** How often it is looked whether files can be written, and a store that failed is tried again. */
const LOOK_EVERY_MS = 5_000;
/** Whoever asks more often is told of the last look. */
const FRESH_MS = 500;
/** What work has met counts for so long at least: the little that is written to try may find room where more does not. */
const MET_MS = 5_000;
/** A store that others write to may be waited for longer than whoever asks does. */
const LONGEST_LOOK_MS = 1_000;
/** What it takes of the store. */
type WatchedStore = Pick<Database, 'missingMigrations' | 'tryWriting' | 'lostNodes'>;
/** Where it is said what is wrong, and that all is well again. */
type Log = { error(facts: object, message: string): void; warn(message: string): void };

/**
 * What is wrong with where files and the store lie. A fault counts from when some work met it, or when it is seen that no
 * file can be written, until writing works again.
 */
export class StorageHealth {
  readonly #database: WatchedStore;
  readonly #dataDir: string;
  #log: Log | undefined;
  #timer: NodeJS.Timeout | undefined;
  #damagedFiles = 0;
  #lostNodes = '';
  #faults: ReadonlySet<StorageFault> = new Set();
  /** What work met, and when it did last. */
  readonly #met = new Map<StorageFault, number>();
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(database: WatchedStore, dataDir: string) {
    this.#database = database;
    this.#dataDir = dataDir;
  }

  /** Looks every few seconds from now on, until it is closed. */
  watch(log: Log): void {
    this.#log = log;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  get faults(): StorageFault[] {
    return [...this.#faults];
  }

  /** How many files that are derived from the store were found damaged; each is made again. */
  get damagedFiles(): number {
    return this.#damagedFiles;
  }

  /** Takes note of what an error says of the disk, where it says anything. */
  note(error: unknown): void {
    if (error instanceof DamagedFileError) {
      this.#damagedFiles++;
      this.#log?.error({ err: error }, 'recreating a damaged file');
      return;
    }
    const fault = storageFaultOf(error);
    if (fault === undefined) return;
    this.#met.set(fault, performance.now());
    if (!this.#faults.has(fault)) this.#set(new Set([...this.#faults, fault]));
  }

  /** Looks whether files can be written and, where anything has failed, whether the store can; waits only so long. */
  look(): Promise<void> {
    if (performance.now() - this.#lookedMs < FRESH_MS) return Promise.resolve();
    this.#looking ??= this.#look().finally(() => {
      this.#lookedMs = performance.now();
      this.#looking = undefined;
    });
    return Promise.race([this.#looking, sleep(LONGEST_LOOK_MS, undefined, { ref: false })]);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    this.#lookAtNodes();
    const isSuspect = this.#faults.size > 0;
    const [ofStore, ...ofFolders] = await Promise.all([
      failureOf(() =>
        isSuspect ? this.#database.tryWriting() : this.#database.missingMigrations(),
      ),
      failureOf(() => tryWriting(join(this.#dataDir, 'try-writing'))),
      failureOf(tryTemporaryFolder),
    ]);
    const seen = [ofStore, ...ofFolders].map(storageFaultOf).filter((one) => one !== undefined);
    // A store that is busy, or away, has not shown that it can be written again.
    const met = [...this.#met].filter(([, ms]) => performance.now() - ms < MET_MS);
    const isUnproven = ofStore !== undefined && storageFaultOf(ofStore) === undefined;
    this.#set(
      new Set([...met.map(([fault]) => fault), ...seen, ...(isUnproven ? this.#faults : [])]),
    );
  }

  /** Logs which nodes of a distributed store do not respond, when others do than before. */
  #lookAtNodes(): void {
    const lost = this.#database.lostNodes?.() ?? [];
    const names = lost.map(({ node }) => node).toSorted();
    if (names.join() === this.#lostNodes) return;
    this.#lostNodes = names.join();
    if (lost.length > 0) this.#log?.error({ nodes: lost }, 'nodes of the store do not respond');
    else this.#log?.warn('all nodes of the store respond again');
  }

  #set(faults: ReadonlySet<StorageFault>): void {
    const isSame =
      faults.size === this.#faults.size && [...faults].every((one) => this.#faults.has(one));
    this.#faults = faults;
    if (isSame) return;
    const messages = this.faults.map((one) => storageFaults[one]);
    if (faults.size > 0) this.#log?.error({ faults: this.faults, messages }, 'degraded');
    else this.#log?.warn('files and the store can be written again');
  }
}

async function tryWriting(file: string): Promise<void> {
  try {
    await writeFile(file, TRIED, { mode: 0o600 });
  } finally {
    await rm(file, { force: true });
  }
}

/** In a folder of our own: the temporary one is everybody's. */
async function tryTemporaryFolder(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-'));
  try {
    await tryWriting(join(folder, 'try-writing'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
