import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, queryClient } from './client.ts';

/** Somebody who belongs to the organization. */
export type Membership = {
  token: string;
  admin: boolean;
  state: string | null;
  member_username: string | null;
  member_token: string;
  activated_at: string | null;
};
export type ShortMembership = {
  email: string | null;
  username: string | null;
  member_token: string;
  state: string | null;
  admin: boolean;
};
export type Invitation = { email: string; link: string; expires_at: string };
export type AccessToken = {
  token: string;
  name: string;
  member: string | null;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
};
export type CreatedToken = AccessToken & { secret: string; authorization: string };
export type TokenKind = 'api_tokens' | 'signature_tokens';
export type OwnSession = {
  token: string;
  created_at: string;
  last_seen_at: string;
  current: boolean;
  user_agent: string | null;
  address: string | null;
};
export type AuditEntry = {
  at: string;
  action: string;
  member: string | null;
  address: string | null;
  subject: { kind: string; token: string | null; name: string | null } | null;
  detail: Record<string, unknown> | null;
};

const refresh = (...queryKey: string[]) => queryClient.invalidateQueries({ queryKey });

/** The members with their addresses. Who was only listed by an import is among them. */
export function useMembers(organization: string) {
  return useQuery({
    queryKey: ['members', organization],
    queryFn: async ({ signal }) => {
      type Long = { _embedded: { memberships: Membership[] } };
      type Short = { _embedded: { memberships: ShortMembership[] } };
      const path = `/api/${organization}/memberships`;
      const [long, short] = await Promise.all([
        api.get<Long>(path, { signal }),
        api.get<Short>(`${path}/lite`, { signal }),
      ]);
      // Somebody may join or leave between the two answers.
      const emails = new Map(
        short._embedded.memberships.map(({ member_token, email }) => [member_token, email]),
      );
      return long._embedded.memberships.map((membership) => ({
        ...membership,
        email: emails.get(membership.member_token) ?? null,
      }));
    },
  });
}

/** The addresses of who can own reports, read once they are wanted. */
export function useAddresses(organization: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['members', organization, 'addresses'],
    queryFn: async ({ signal }) => {
      type List = { _embedded: { memberships: ShortMembership[] } };
      const path = `/api/${organization}/memberships/lite`;
      const { memberships } = (await api.get<List>(path, { signal }))._embedded;
      return memberships.flatMap(({ email, state }) =>
        email === null ? [] : [{ email, isActive: state === 'active' }],
      );
    },
    enabled: isWanted,
    staleTime: 60_000,
  });
}

export async function invite(
  organization: string,
  email: string,
  role: string,
): Promise<Invitation> {
  const path = `/api/${organization}/invitations`;
  const made = await api.send<Invitation>('POST', path, { invitation: { email, role } });
  await refresh('members', organization);
  return made;
}

export function makeSignInLink(organization: string, token: string): Promise<Invitation> {
  return api.send('POST', `/api/${organization}/memberships/${token}/sign_in_links`);
}

export async function changeRole(organization: string, token: string, role: string) {
  await api.send('PATCH', `/api/${organization}/memberships/${token}`, { membership: { role } });
  await refresh('members', organization);
}

export async function removeMember(organization: string, token: string): Promise<void> {
  await api.send('DELETE', `/api/${organization}/memberships/${token}`);
  await refresh('members', organization);
}

export function useTokens(organization: string, kind: TokenKind) {
  return useQuery({
    queryKey: ['tokens', organization, kind],
    queryFn: async ({ signal }) => {
      const { tokens } = await api.get<{ tokens: AccessToken[] }>(`/api/${organization}/${kind}`, {
        signal,
      });
      return tokens;
    },
  });
}

export async function createToken(organization: string, kind: TokenKind, name: string) {
  const made = await api.send<CreatedToken>('POST', `/api/${organization}/${kind}`, { name });
  await refresh('tokens', organization);
  return made;
}

export async function revokeToken(organization: string, kind: TokenKind, token: string) {
  await api.send('DELETE', `/api/${organization}/${kind}/${token}`);
  await refresh('tokens', organization);
}

export function useOwnSessions() {
  return useQuery({
    queryKey: ['own-sessions'],
    queryFn: async ({ signal }) => {
      const path = '/api/session/sessions';
      return (await api.get<{ sessions: OwnSession[] }>(path, { signal })).sessions;
    },
  });
}

export async function endOwnSession(token: string): Promise<void> {
  await api.send('DELETE', `/api/session/sessions/${token}`);
  await refresh('own-sessions');
}

export async function changePassword(current: string | undefined, next: string): Promise<void> {
  const body = { ...(current ? { current_password: current } : {}), new_password: next };
  await api.send('POST', '/api/session/password', body);
  await refresh('session');
}

/** The audit log, page by page, the newest first. */
export function useAuditLog(organization: string) {
  return useInfiniteQuery({
    queryKey: ['audit-log', organization],
    queryFn: ({ signal, pageParam }) =>
      api.get<{ entries: AuditEntry[]; next: string | null }>(`/api/${organization}/audit_log`, {
        query: { before: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}
