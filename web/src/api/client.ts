import { QueryClient } from '@tanstack/react-query';
import { RestClient, RollcallError } from '../../../src/client/index.ts';
import { ownAddress } from '../base-path.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The client itself sends again what may work a second time.
    queries: { retry: false, staleTime: 5_000 },
    mutations: { retry: false },
  },
});

/** Under which the session is kept. */
export const SESSION_KEY = ['session'];

/** What sends every call of the pages to their own server; see `call`. */
export const client = new RestClient({ url: ownAddress(''), fetch: noticeSignOut });

/** A refused call may mean that the session is over. It is read again, and members without one are sent to the sign-in. */
async function noticeSignOut(...sent: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...sent);
  if (answer.status === 401) void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
  return answer;
}

/** What to tell people of a failure: what happened, and what to do. */
export function told(error: unknown): { message: string; hint: string | undefined } {
  if (error instanceof RollcallError) {
    // The client says which address answered, which on a page says nothing.
    return { message: error.message.replace(/^\S+ answered \d+: /, ''), hint: error.hint };
  }
  return { message: error instanceof Error ? error.message : String(error), hint: undefined };
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof RollcallError && error.status === status;
}
