import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StoreObserver } from '../database/measured.ts';
import type { PageSource } from '../discovery/pages.ts';
import type { EndState } from '../runs/run.ts';
import { type StorageFault, storageFaults } from '../storage-fault.ts';

/** What became of a request; see `Metrics`. */
type EndedRequest = { method: string; route: string; status: string; seconds: number };

/** What is wrong with the disk now, and what was. */
type StorageNow = { readonly faults: readonly StorageFault[]; readonly damagedFiles: number };

/** What a server counts of its own work. No label ever holds an organization, a token or anything else of a caller. */
export type Metrics = {
  /** The function that it answers is to be called when the request is over. */
  requestBegins(): (ended: EndedRequest, sentBytes: number) => void;
  pageServed(list: string, from: PageSource): void;
  runEnded(state: EndState, seconds: number): void;
  /** Has the length of the queue of runs asked for whenever it is to be shown. */
  watchRuns(count: () => Promise<{ waiting: number; running: number }>): void;
  /** Has it asked for what is wrong with the disk whenever that is to be shown. */
  watchStorage(storage: StorageNow): void;
  storeObserver: StoreObserver;
  /** A run that was due has been started, that much later. */
  scheduleStarted(lateMs: number): void;
  /** All of it, and what the process says of itself, in Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>;
};

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
    help: 'Requests, and the time from their headers to the last byte of their answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const underWay = new Gauge({
    name: 'rollcall_http_requests_under_way',
    help: 'Requests that are being answered now.',
    registers,
  });
  const sentBytes = new Counter({
    name: 'rollcall_http_sent_bytes_total',
    help: 'Bytes of answers, their headers included.',
    labelNames: ['route'],
    registers,
  });
  const pages = new Counter({
    name: 'rollcall_pages_total',
    help: 'Pages by list, and where they came from: the cache, the list, or unchanged since the caller got them.',
    labelNames: ['list', 'from'],
    registers,
  });
  const storeWork = new Histogram({
    name: 'rollcall_store_duration_seconds',
    help: 'Work of the store: single reads, single writes and whole transactions, the wait for their turn included.',
    labelNames: ['work'],
    buckets: SECONDS,
    registers,
  });
  const storeUnderWay = new Gauge({
    name: 'rollcall_store_under_way',
    help: 'Work of the store that runs or waits for its turn.',
    labelNames: ['work'],
    registers,
  });

  const schedulesLate = new Histogram({
    name: 'rollcall_schedule_lag_seconds',
    help: 'Runs that were started for a schedule, and how much later than due.',
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600],
    registers,
  });

  const runs = new Histogram({
    name: 'rollcall_run_duration_seconds',
    help: 'Runs of reports that ended in this process, and the time from their start.',
    labelNames: ['state'],
    buckets: RUN_SECONDS,
    registers,
  });
  let countRuns = async () => ({ waiting: 0, running: 0 });
  new Gauge({
    name: 'rollcall_runs',
    help: 'Runs of reports in the store that wait, or that some process executes.',
    labelNames: ['state'],
    registers,
    async collect() {
      const { waiting, running } = await countRuns();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'running' }, running);
    },
  });

  let storageNow: StorageNow = { faults: [], damagedFiles: 0 };
  new Gauge({
    name: 'rollcall_degraded',
    help: 'Whether something is wrong with where files and the store lie: 1 or 0 for each cause.',
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
    help: 'Damaged files of lists and of search that were recreated.',
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
    watchRuns(count) {
      countRuns = count;
    },
    watchStorage(storage) {
      storageNow = storage;
    },
    storeObserver(work) {
      const labels = { work };
      storeUnderWay.inc(labels);
      const stop = storeWork.startTimer(labels);
      return () => {
        storeUnderWay.dec(labels);
        stop();
      };
    },
    scheduleStarted: (lateMs) => schedulesLate.observe(lateMs / 1000),
    async expose() {
      const all = Registry.merge([...registers, ofProcess]);
      return { contentType: all.contentType, text: await all.metrics() };
    },
  };
}

let process: Registry | undefined;

/** Memory, processor time, garbage collection and event-loop lag: of the process, however many servers run in it. */
function processRegistry(): Registry {
  if (process === undefined) {
    process = new Registry();
    collectDefaultMetrics({ register: process });
  }
  return process;
}
