import type { EndState } from './run.ts';
import type { ClaimedRun } from './run-queue.ts';
import type { WorkerParts } from './run-worker.ts';

/** The log of runs, one line for each event. */
export type RunLog = Record<'info' | 'warn', (facts: object, message: string) => void>;

type Counts = { runEnded(state: EndState, seconds: number): void; runLost(): void };

/** Counts and logs the runs of a worker. */
export function logRuns(
  counts: Counts,
  log: () => RunLog,
): Required<Pick<WorkerParts, 'onStart' | 'onEnd' | 'onLost'>> {
  return {
    onStart: (taken) => log().info(factsOf(taken), 'run started'),
    onEnd(taken, end, seconds) {
      const facts = { ...factsOf(taken), ms: Math.round(seconds * 1000) };
      if (end === undefined) return log().info(facts, 'run left for another worker');
      counts.runEnded(end.state, seconds);
      const { state, failure } = end;
      const reason = failure && { code: failure.code, reason: failure.message };
      // A failed query concerns its author, not the administrator of the server.
      log().info({ ...facts, state, ...reason }, 'run ended');
    },
    onLost({ organizationId, runNumber, timesLost }) {
      counts.runLost();
      const facts = { organization_id: organizationId, run_number: runNumber };
      log().warn(
        { ...facts, times_lost: timesLost + 1 },
        'run lost: its worker stopped responding',
      );
    },
  };
}

const factsOf = ({ organization, report, run, lease }: ClaimedRun) => ({
  organization: organization.username,
  report,
  run: run.token,
  schedule: run.scheduleToken,
  attempt: lease.attempt,
});
