/** The answer while so much has to be read first that it takes a while. */
export type Reading = { percent_read: number };

export const ASK_AGAIN_MS = 1000;

export function isReading(answer: object): answer is Reading {
  return 'percent_read' in answer;
}

/** For queries that are answered so: asks again until everything is read. */
export const untilRead = {
  refetchInterval: ({ state: { data } }: { state: { data: object | undefined } }) =>
    data !== undefined && isReading(data) && ASK_AGAIN_MS,
};
