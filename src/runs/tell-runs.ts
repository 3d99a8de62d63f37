import type { EndState } from './run.ts';
import type { ClaimedRun } from './run-queue.ts';
import type { WorkerParts } from './run-worker.ts';

/** Where it is said what becomes of runs, a line each. */
export type RunLog = Record<'info' | 'warn', (facts: object, message: string) => void>;

type Counts = { runEnded(state: EndState, seconds: number): void; runLost(): void };

/** What a worker tells of its runs, counted and logged. */
export function tellRuns(
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
      // A query that fails is for its author to mend, not for who looks after the server.
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
