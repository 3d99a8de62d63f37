import { useQuery } from '@tanstack/react-query';
import { api, queryClient, SESSION_KEY } from './client.ts';

/** Who is signed in. */
export type Session = {
  organization: { username: string; name: string };
  member: { token: string; email: string; role: 'admin' | 'member'; has_password: boolean };
};

/** Whether somebody is signed in, and how one can be. */
export type SessionState = { session: Session | null; methods: ('password' | 'oidc')[] };

export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => api.get<SessionState>('/api/session', { signal }),
    staleTime: 60_000,
  });
}

/** @throws RollcallError where the credentials are not right. */
export async function signIn(
  email: string,
  password: string,
  organization: string | undefined,
): Promise<void> {
  remember(await api.send('POST', '/api/session', { email, password, organization }));
}

/** Uses up a sign-in link, and sets a password where one is given. */
export async function signInByLink(link: string, password: string | undefined): Promise<void> {
  remember(await api.send('POST', '/api/session/link', { link, password }));
}

export async function signOut(): Promise<void> {
  const state = await api.send<SessionState>('DELETE', '/api/session');
  remember(state);
}

/** Whatever was read before was read as somebody else. */
function remember(state: SessionState): void {
  queryClient.clear();
  queryClient.setQueryData(SESSION_KEY, state);
}
