import { useQuery } from '@tanstack/react-query';
import type { SessionState } from '../../../src/sessions/session-schema.ts';
import { call } from './call.ts';
import { queryClient, SESSION_KEY } from './client.ts';

/** Who is signed in. */
export type Session = NonNullable<SessionState['session']>;

export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => call('GET /api/session', { signal }),
    staleTime: 60_000,
    // In another tab, somebody else may have signed in.
    refetchOnWindowFocus: 'always',
  });
}

/** @throws RollcallError where the credentials are not right. */
export async function signIn(
  email: string,
  password: string,
  organization: string | undefined,
): Promise<void> {
  const who = organization === undefined ? { email } : { email, organization };
  remember(await call('POST /api/session', { body: { ...who, password } }));
}

/** Uses up a sign-in link, and sets a password where one is given. */
export async function signInByLink(link: string, password: string | undefined): Promise<void> {
  const body = password === undefined ? { link } : { link, password };
  remember(await call('POST /api/session/link', { body }));
}

export async function signOut(): Promise<void> {
  remember(await call('DELETE /api/session', {}));
}

/** What was read before was read as another member. */
function remember(state: SessionState): void {
  queryClient.clear();
  queryClient.setQueryData(SESSION_KEY, state);
}
