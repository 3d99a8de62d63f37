import type { Random } from './random.ts';

/** What happened to a report, in milliseconds since 1970; null for what never did. */
export type ReportHistory = {
  createdMs: number;
  editedMs: number | null;
  viewedMs: number | null;
  updatedMs: number;
  lastRun: { startedMs: number; state: RunState } | null;
  lastSuccessMs: number | null;
};

type RunState = 'succeeded' | 'completed' | 'failed' | 'cancelled' | 'enqueued';

const NEVER_RUN_SHARE = 0.2;
const STATES: readonly RunState[] = [
  ...Array<RunState>(11).fill('succeeded'),
  ...Array<RunState>(3).fill('completed'),
  'failed',
  'failed',
  'failed',
  'cancelled',
  'cancelled',
  'enqueued',
];
const LONGEST_RUN_MS = 9 * 60_000;

/** A history in which nothing happens before the report is made, and every success belongs to a run. */
export function makeHistory(createdMs: number, untilMs: number, random: Random): ReportHistory {
  const editedMs = random.chance(0.12) ? null : random.between(createdMs, untilMs, 3);
  const viewedMs = random.chance(0.1) ? null : random.between(editedMs ?? createdMs, untilMs, 0.6);
  const neverRan = random.chance(NEVER_RUN_SHARE);
  if (neverRan) {
    const updatedMs = editedMs ?? createdMs;
    return { createdMs, editedMs, viewedMs, updatedMs, lastRun: null, lastSuccessMs: null };
  }
  const state = random.pick(STATES);
  const startedMs = random.between(createdMs, untilMs, 0.5);
  const endedMs = Math.min(
    untilMs,
    startedMs + 800 + Math.floor(LONGEST_RUN_MS * random.fraction() ** 4),
  );
  const isSuccess = state === 'succeeded' || state === 'completed';
  const succeededBefore = random.chance(0.65);
  const lastSuccessMs = isSuccess
    ? endedMs
    : succeededBefore
      ? random.between(createdMs, startedMs, 0.3)
      : null;
  const runMs = state === 'enqueued' ? startedMs : endedMs;
  return {
    createdMs,
    editedMs,
    viewedMs,
    updatedMs: Math.max(editedMs ?? createdMs, runMs),
    lastRun: { startedMs, state },
    lastSuccessMs,
  };
}
