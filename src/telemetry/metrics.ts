import { version as nodeVersion } from 'node:process';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { systemClock } from '../clock.ts';
import {
  type Database,
  StoreBusyError,
  StoreFaultError,
  StoreUnavailableError,
} from '../database/database.ts';
import type { StoreObserver } from '../database/measured.ts';
import type { PageSource } from '../discovery/pages.ts';
import type { EndState } from '../runs/run.ts';
import { type StorageFault, storageFaults } from '../storage-fault.ts';
import { version } from '../version.ts';

/** What became of a request; see `Metrics`. */
type EndedRequest = { method: string; route: string; status: string; seconds: number };

/** The runs in the store that have not ended. */
type UnfinishedRuns = { waiting: number; running: number; oldestWaitingAt: string | null };

/** What is wrong with the disk now, and what was. */
export type StorageNow = {
  readonly faults: readonly StorageFault[];
  readonly damagedFiles: number;
};

/** What a server counts of its own work. No label ever holds an organization, a token or anything else of a caller. */
export type Metrics = {
  /** The function that it answers is to be called when the request is over. */
  requestBegins(): (ended: EndedRequest, sentBytes: number) => void;
  pageServed(list: string, from: PageSource): void;
  runEnded(state: EndState, seconds: number): void;
  runLost(): void;
  /** Has the store asked for its unfinished runs whenever they are to be shown; a store that does not answer is down. */
  watchStore(
    store: Pick<Database, 'connections' | 'lostNodes'>,
    count: () => Promise<UnfinishedRuns>,
  ): void;
  /** Has it asked for what is wrong with the disk whenever that is to be shown. */
  watchStorage(storage: StorageNow): void;
  storeObserver: StoreObserver;
  /** A run that was due has been started, that much later. */
  scheduleStarted(lateMs: number): void;
  /** Something that is done again and again has been done, or failed. */
  workEnded(work: string, isDone: boolean): void;
  signInRefused(by: SignInWay): void;
  /** All of it, and what the process says of itself, in Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>;
};

/** How somebody tries to sign in. */
export type SignInWay = 'password' | 'link' | 'oidc';

/** A store that has not answered by then counts as down. */
const STORE_MS = 2_000;

/** From a page in memory to a whole list as one stream. */
const SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

const RUN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150, 300, 600, 1800];

/** `docs/operating.md` lists what is counted; a test holds the two together. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const ofProcess = processRegistry();
  const requests = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'HTTP requests, and their duration from the headers to the last byte of the response.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const underWay = new Gauge({
    name: 'rollcall_http_requests_under_way',
    help: 'HTTP requests in progress.',
    registers,
  });
  const sentBytes = new Counter({
    name: 'rollcall_http_sent_bytes_total',
    help: 'Bytes of responses, including their headers.',
    labelNames: ['route'],
    registers,
  });
  const pages = new Counter({
    name: 'rollcall_pages_total',
    help: 'Pages by list, and by origin: compressed from the cache, from the file of the list, or not modified.',
    labelNames: ['list', 'from'],
    registers,
  });
  const storeWork = new Histogram({
    name: 'rollcall_store_duration_seconds',
    help: 'Work of the store: single reads, single writes and whole transactions, including waiting.',
    labelNames: ['work'],
    buckets: SECONDS,
    registers,
  });
  const storeUnderWay = new Gauge({
    name: 'rollcall_store_under_way',
    help: 'Work of the store that is running or waiting.',
    labelNames: ['work'],
    registers,
  });

  const storeErrors = new Counter({
    name: 'rollcall_store_errors_total',
    help: 'Failed work of the store, by cause: busy, no response, or a fault of the disk.',
    labelNames: ['cause'],
    registers,
  });
  const storeUp = new Gauge({
    name: 'rollcall_store_up',
    help: 'Whether the store responded when the metrics were read: 1 or 0. If it did not, metrics of runs in the store are missing.',
    registers,
  });
  let lostNodes: Database['lostNodes'];
  new Gauge({
    name: 'rollcall_store_node_lost',
    help: 'A node of a distributed store that did not respond when it was last asked: 1. Missing for nodes that respond.',
    labelNames: ['node'],
    registers,
    collect() {
      this.reset();
      for (const { node } of lostNodes?.() ?? []) this.set({ node }, 1);
    },
  });
  let connections: Database['connections'];
  new Gauge({
    name: 'rollcall_store_connections',
    help: 'Connections of this process to PostgreSQL, in use and idle, and work waiting for one.',
    labelNames: ['state'],
    registers,
    collect() {
      if (connections === undefined) return;
      const { inUse, idle, waiting } = connections();
      this.set({ state: 'in_use' }, inUse);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'waiting' }, waiting);
    },
  });

  const schedulesLate = new Histogram({
    name: 'rollcall_schedule_lag_seconds',
    help: 'Scheduled runs that were started, and their delay after the due time.',
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600],
    registers,
  });

  const runs = new Histogram({
    name: 'rollcall_run_duration_seconds',
    help: 'Report runs that ended in this process, and their duration.',
    labelNames: ['state'],
    buckets: RUN_SECONDS,
    registers,
  });
  let countRuns = async (): Promise<UnfinishedRuns> => ({
    ...{ waiting: 0, running: 0, oldestWaitingAt: null },
  });
  const unfinishedRuns = new Gauge({
    name: 'rollcall_runs',
    help: 'Report runs in the store that are waiting or running.',
    labelNames: ['state'],
    registers,
  });
  const oldestWaiting = new Gauge({
    name: 'rollcall_runs_oldest_waiting_seconds',
    help: 'Waiting time of the oldest waiting run; 0 if none is waiting.',
    registers,
  });
  async function lookAtStore(): Promise<void> {
    for (const gauge of [unfinishedRuns, oldestWaiting, storeUp]) gauge.reset();
    const late = new Promise<undefined>((resolve) => {
      setTimeout(resolve, STORE_MS, undefined).unref();
    });
    const counted = await Promise.race([countRuns().catch(() => undefined), late]);
    storeUp.set(Number(counted !== undefined));
    if (counted === undefined) return oldestWaiting.set(Number.NaN);
    const { waiting, running, oldestWaitingAt } = counted;
    unfinishedRuns.set({ state: 'waiting' }, waiting);
    unfinishedRuns.set({ state: 'running' }, running);
    const sinceMs = oldestWaitingAt === null ? 0 : systemClock() - Date.parse(oldestWaitingAt);
    oldestWaiting.set(Math.max(0, sinceMs) / 1000);
  }
  const runsLost = new Counter({
    name: 'rollcall_runs_lost_total',
    help: 'Runs that this process took back from a worker that stopped responding.',
    registers,
  });
  const work = new Counter({
    name: 'rollcall_background_work_total',
    help: 'Background work of a server, by outcome.',
    labelNames: ['work', 'outcome'],
    registers,
  });
  const signInsRefused = new Counter({
    name: 'rollcall_sign_ins_refused_total',
    help: 'Refused sign-ins, by way of signing in.',
    labelNames: ['by'],
    registers,
  });
  new Gauge({
    name: 'rollcall_build_info',
    help: 'The version of Rollcall and of Node; always 1.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: nodeVersion }, 1);

  let storageNow: StorageNow = { faults: [], damagedFiles: 0 };
  new Gauge({
    name: 'rollcall_degraded',
    help: 'Whether there is a fault of the disk or the store: 1 or 0 for each cause.',
    labelNames: ['cause'],
    registers,
    collect() {
      const faults = new Set(storageNow.faults);
      for (const cause of Object.keys(storageFaults) as StorageFault[])
        this.set({ cause }, Number(faults.has(cause)));
    },
  });
  new Counter({
    name: 'rollcall_damaged_files_total',
    help: 'Damaged list files and search files that were recreated.',
    registers,
    collect() {
      this.reset();
      this.inc(storageNow.damagedFiles);
    },
  });

  return {
    requestBegins() {
      underWay.inc();
      return ({ seconds, ...labels }, bytes) => {
        underWay.dec();
        requests.observe(labels, seconds);
        sentBytes.inc({ route: labels.route }, bytes);
      };
    },
    pageServed: (list, from) => pages.inc({ list, from }),
    runEnded: (state, seconds) => runs.observe({ state }, seconds),
    runLost: () => runsLost.inc(),
    watchStore(store, count) {
      ({ connections, lostNodes } = store);
      countRuns = count;
    },
    watchStorage(storage) {
      storageNow = storage;
    },
    storeObserver(work) {
      const labels = { work };
      storeUnderWay.inc(labels);
      const stop = storeWork.startTimer(labels);
      return (error) => {
        storeUnderWay.dec(labels);
        stop();
        const cause = causeOf(error);
        if (cause) storeErrors.inc({ cause });
      };
    },
    scheduleStarted: (lateMs) => schedulesLate.observe(lateMs / 1000),
    workEnded: (what, isDone) => work.inc({ work: what, outcome: isDone ? 'done' : 'failed' }),
    signInRefused: (by) => signInsRefused.inc({ by }),
    async expose() {
      await lookAtStore();
      const all = Registry.merge([...registers, ofProcess]);
      return { contentType: all.contentType, text: await all.metrics() };
    },
  };
}

/** Undefined for what is no fault of the store. */
function causeOf(error: unknown): 'busy' | 'fault' | 'unavailable' | undefined {
  if (error instanceof StoreBusyError) return 'busy';
  if (error instanceof StoreFaultError) return 'fault';
  return error instanceof StoreUnavailableError ? 'unavailable' : undefined;
}

let ofThisProcess: Registry | undefined;

/** Memory, processor time, garbage collection and event-loop lag: of the process, however many servers run in it. */
function processRegistry(): Registry {
  if (ofThisProcess === undefined) {
    ofThisProcess = new Registry();
    collectDefaultMetrics({ register: ofThisProcess });
  }
  return ofThisProcess;
}
