import type { ReadingReports } from '../../../src/report-index/answer-reading.ts';

export const ASK_AGAIN_MS = 1000;

export function isReading(answer: object): answer is ReadingReports {
  return 'percent_read' in answer;
}

/** For queries that are answered so: asks again until everything is read. */
export const untilRead = {
  refetchInterval: ({ state: { data } }: { state: { data: object | undefined } }) =>
    data !== undefined && isReading(data) && ASK_AGAIN_MS,
};
