import { useQuery } from '@tanstack/react-query';
import { api, isStatus, queryClient } from './client.ts';

/** Who is signed in. */
export type Session = {
  organization: { username: string; name: string };
  member: { token: string; email: string; role: 'admin' | 'member' };
};

const KEY = ['session'];

/** The reader's session; null where nobody is signed in. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: readSession, staleTime: 60_000 });
}

async function readSession(): Promise<Session | null> {
  try {
    return await api.get<Session>('/api/session');
  } catch (error) {
    if (isStatus(error, 401)) return null;
    throw error;
  }
}

export type Credentials = { email: string; password: string; organization?: string };

/** @throws RollcallError where the credentials are not right. */
export async function signIn(credentials: Credentials): Promise<void> {
  await api.send('POST', '/api/session', credentials);
  await queryClient.invalidateQueries({ queryKey: KEY });
}

export async function signOut(): Promise<void> {
  await api.send('DELETE', '/api/session');
  queryClient.clear();
}
