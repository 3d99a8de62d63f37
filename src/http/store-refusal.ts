import type { FastifyInstance } from 'fastify';
import {
  OrganizationBusyError,
  StoreBusyError,
  StoreUnavailableError,
} from '../database/database.ts';
import { OlderProgramError } from '../database/schema.ts';
import { ApiError } from '../errors.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';

/** Somebody has to mend a disk; a busy store is asked for again sooner. */
const FAULT_SECONDS = 30;

/** What a caller is told where the store or the disk did not do a piece of work; undefined for whatever else went wrong. */
export function storeRefusal(error: unknown): ApiError | undefined {
  if (error instanceof OrganizationBusyError) {
    return new ApiError(
      'busy',
      `${error.message} Nothing was changed.`,
      'Try again when it is done, which takes about a minute for a large import.',
    );
  }
  if (error instanceof StoreBusyError) {
    return new ApiError(
      'busy',
      'Another process is writing to the store. Nothing was changed.',
      'Try again in a few seconds.',
    );
  }
  if (error instanceof OlderProgramError) {
    return new ApiError(
      'busy',
      'This server is older than its store allows. Nothing was changed.',
      'Try again when it is upgraded; its log names the required version.',
      { retryAfterSeconds: FAULT_SECONDS },
    );
  }
  const fault = storageFaultOf(error);
  if (fault) {
    return new ApiError(
      'busy',
      `The server cannot do this at the moment. Nothing was changed. ${storageFaults[fault]}`,
      'Tell the administrator of the server, and try again later.',
      { retryAfterSeconds: FAULT_SECONDS },
    );
  }
  if (error instanceof StoreUnavailableError) {
    return new ApiError('busy', 'The database does not respond.', 'Try again in a few seconds.');
  }
  return undefined;
}

/** Methods that change nothing. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const AGAIN_SECONDS = 60;

/** Refuses every change, including signing in, with the reason of the server's administrator. */
export function refuseChanges(app: FastifyInstance, reason: string): void {
  app.addHook('onRequest', async ({ method, routeOptions: { url } }) => {
    if (READING.has(method) && !url?.startsWith('/auth/')) return;
    throw new ApiError(
      'busy',
      `The server is read-only, so nothing was changed: ${reason}`,
      'Lists, reports and results can be read. Try again later.',
      { retryAfterSeconds: AGAIN_SECONDS },
    );
  });
}
