import { StoreBusyError, StoreUnavailableError } from '../database/database.ts';
import { ApiError } from '../errors.ts';

/** What a caller is told where the store did not do a piece of work; undefined for whatever else went wrong. */
export function storeRefusal(error: unknown): ApiError | undefined {
  if (error instanceof StoreBusyError) {
    return new ApiError(
      'busy',
      'Another process is writing to the store; nothing was changed.',
      'Try again in a few seconds.',
    );
  }
  if (error instanceof StoreUnavailableError) {
    return new ApiError(
      'busy',
      'The database does not answer just now.',
      'Try again in a few seconds.',
    );
  }
  return undefined;
}
