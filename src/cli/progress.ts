import { type Clock, systemClock } from '../clock.ts';
import { cut } from '../text.ts';

/** Shows how far long work has come. `finish` is called once, whether the work succeeded or not. */
export type Progress = {
  /** How much is done, and how much there is in all where that is known by now. The first call is where the rate is counted from. */
  update(count: number, total?: number): void;
  /** A line that stays, above what is drawn. */
  note(text: string): void;
  finish(): void;
};

/** Where progress is shown: standard error, or what stands in for it. */
export type ProgressOutput = { isTTY?: boolean; columns?: number; write(text: string): unknown };

const TERMINAL_PAUSE_MS = 100;
const PLAIN_PAUSE_MS = 5_000;
const BAR_WIDTH = 24;
const ERASE_LINE = '\r\u001b[2K';

/**
 * Progress on standard error: one line with a bar, drawn over and over, where that is a terminal; elsewhere (a log, a
 * file) a plain line every few seconds and one at the end.
 */
export function startProgress(
  label: string,
  total: number | undefined,
  { output, clock = systemClock }: { output: ProgressOutput; clock?: Clock },
): Progress {
  const isTerminal = output.isTTY === true;
  const pauseMs = isTerminal ? TERMINAL_PAUSE_MS : PLAIN_PAUSE_MS;
  const startedMs = clock();
  let shownMs = isTerminal ? Number.NEGATIVE_INFINITY : startedMs;
  let first: { count: number; timeMs: number } | undefined;
  let state: State = { label, count: 0, total, perSecond: undefined };

  return {
    update(count, newTotal = state.total) {
      const timeMs = clock();
      first ??= { count, timeMs };
      const seconds = (timeMs - first.timeMs) / 1000;
      const perSecond = seconds > 0 ? (count - first.count) / seconds : undefined;
      state = { label, count, total: newTotal, perSecond };
      if (timeMs - shownMs < pauseMs) return;
      shownMs = timeMs;
      if (isTerminal) output.write(ERASE_LINE + cut(barLine(state), (output.columns ?? 80) - 1));
      else output.write(`${plainLine(state)}\n`);
    },
    note(text) {
      output.write(`${isTerminal ? ERASE_LINE : ''}${text}\n`);
      shownMs = Number.NEGATIVE_INFINITY;
    },
    finish() {
      const took = duration((clock() - startedMs) / 1000);
      output.write(`${isTerminal ? ERASE_LINE : ''}${label}: ${amount(state)} in ${took}\n`);
    },
  };
}

type State = {
  label: string;
  count: number;
  total: number | undefined;
  perSecond: number | undefined;
};

function barLine(state: State): string {
  const share = shareDone(state);
  if (share === undefined) return [state.label, amount(state), ...speed(state)].join('  ');
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
  return [state.label, bar, percent(share), amount(state), ...speed(state)].join('  ');
}

function plainLine(state: State): string {
  const share = shareDone(state);
  const done = share === undefined ? amount(state) : `${amount(state)} (${percent(share)})`;
  return `${state.label}: ${[done, ...speed(state)].join(', ')}`;
}

/** Between 0 and 1; undefined where the total is not known, or was overtaken. */
function shareDone({ count, total }: State): number | undefined {
  return total !== undefined && total > 0 && count <= total ? count / total : undefined;
}

function amount({ count, total }: State): string {
  return total === undefined || total === count
    ? grouped(count)
    : `${grouped(count)} of ${grouped(total)}`;
}

function speed({ count, total, perSecond }: State): string[] {
  if (perSecond === undefined || perSecond <= 0) return [];
  const rate = `${grouped(Math.round(perSecond))}/s`;
  if (total === undefined || total <= count) return [rate];
  return [rate, `${duration((total - count) / perSecond)} left`];
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
