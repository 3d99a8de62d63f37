import { ApiError } from '../errors.ts';

/** Deeper than any report, and shallow enough for whatever reads JSON. */
const MOST_LEVELS = 100;

/** A draft's content as text. @throws ApiError bad_request where it is nested too deeply. */
export function toContentText(content: object): string {
  let level: unknown[] = [content];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MOST_LEVELS) {
      throw new ApiError(
        'bad_request',
        `draft.content is nested deeper than ${MOST_LEVELS} levels.`,
      );
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return JSON.stringify(content);
}
