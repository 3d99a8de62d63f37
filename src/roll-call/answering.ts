/** What is known of a report's runs and of who cares for it. Times are wire times, which sort as text. */
export type ReportRuns = {
  lastRunAt: string | null;
  lastRunState: string | null;
  lastSuccessAt: string | null;
};

export type AnswerState = 'answering' | 'failing' | 'stale' | 'never_ran';

/** The words for a run that has not ended; what the one before it came to still counts. */
const UNFINISHED = new Set(['enqueued', 'pending', 'running', 'waiting']);
const SUCCEEDED = new Set(['succeeded', 'completed']);

/**
 * Whether a report answers: its last run succeeded, and that is recent enough.
 *
 * @param recentSince from when on a success is recent.
 */
export function answerStateOf(
  { lastRunAt, lastRunState, lastSuccessAt }: ReportRuns,
  recentSince: string,
): AnswerState {
  const isRunning = lastRunState !== null && UNFINISHED.has(lastRunState);
  if (lastSuccessAt === null && (lastRunAt === null || isRunning)) return 'never_ran';
  if (lastRunState !== null && !isRunning && !SUCCEEDED.has(lastRunState)) return 'failing';
  return (lastSuccessAt ?? lastRunAt ?? '') >= recentSince ? 'answering' : 'stale';
}
