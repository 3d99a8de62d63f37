import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { CreatedAccessToken } from '../../../src/access-tokens/access-token-schema.ts';
import type { AuditLog } from '../../../src/audit/audit-log-schema.ts';
import type { Invitation } from '../../../src/members/invitation-schema.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';

export type { CreatedAccessToken, Invitation };
export type AuditEntry = AuditLog['entries'][number];
export type Role = Invitation['role'];
export type TokenKind = 'api_tokens' | 'signature_tokens';

const refresh = (...queryKey: string[]) => queryClient.invalidateQueries({ queryKey });

/** The members with their addresses. Who was only listed by an import is among them. */
export function useMembers(organization: string) {
  return useQuery({
    queryKey: ['members', organization],
    queryFn: async ({ signal }) => {
      const params = { organization };
      const [long, short] = await Promise.all([
        call('GET /api/:organization/memberships', { params, signal }),
        call('GET /api/:organization/memberships/lite', { params, signal }),
      ]);
      // A member may join or leave between the two answers.
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

/** The addresses of members who can own reports, read when they are first needed. */
export function useAddresses(organization: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['members', organization, 'addresses'],
    queryFn: async ({ signal }) => {
      const path = 'GET /api/:organization/memberships/lite';
      const list = await call(path, { params: { organization }, signal });
      return list._embedded.memberships.flatMap(({ email, state }) =>
        email === null ? [] : [{ email, isActive: state === 'active' }],
      );
    },
    enabled: isWanted,
    staleTime: 60_000,
  });
}

export async function invite(organization: string, email: string, role: Role): Promise<Invitation> {
  const made = await call('POST /api/:organization/invitations', {
    params: { organization },
    body: { invitation: { email, role } },
  });
  await refresh('members', organization);
  return made;
}

export function makeSignInLink(organization: string, token: string): Promise<Invitation> {
  const params = { organization, token };
  return call('POST /api/:organization/memberships/:token/sign_in_links', { params });
}

export async function changeRole(organization: string, token: string, role: Role) {
  await call('PATCH /api/:organization/memberships/:token', {
    params: { organization, token },
    body: { membership: { role } },
  });
  await refresh('members', organization);
}

export async function removeMember(organization: string, token: string): Promise<void> {
  await call('DELETE /api/:organization/memberships/:token', { params: { organization, token } });
  await refresh('members', organization);
}

/** The members that are linked to an account at a provider, for admins. */
export function useLinkedMembers(organization: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['members', organization, 'linked'],
    queryFn: async ({ signal }) => {
      const path = 'GET /api/:organization/identities';
      const { identities: linked } = await call(path, { params: { organization }, signal });
      return new Set(linked.map(({ membership }) => membership));
    },
    enabled: isWanted,
  });
}

export async function unlinkMember(organization: string, token: string): Promise<void> {
  const path = 'DELETE /api/:organization/memberships/:token/identities';
  await call(path, { params: { organization, token } });
  await refresh('members', organization);
}

export function useTokens(organization: string, kind: TokenKind) {
  return useQuery({
    queryKey: ['tokens', organization, kind],
    queryFn: async ({ signal }) => {
      const path = `GET /api/:organization/${kind}` as const;
      return (await call(path, { params: { organization }, signal })).tokens;
    },
  });
}

/** @param expiresAt undefined for a token that does not expire. */
export async function createToken(
  organization: string,
  kind: TokenKind,
  name: string,
  expiresAt: string | undefined,
) {
  const made = await call(`POST /api/:organization/${kind}`, {
    params: { organization },
    body: expiresAt === undefined ? { name } : { name, expires_at: expiresAt },
  });
  await refresh('tokens', organization);
  return made;
}

export async function revokeToken(organization: string, kind: TokenKind, token: string) {
  await call(`DELETE /api/:organization/${kind}/:token`, { params: { organization, token } });
  await refresh('tokens', organization);
}

export function useOwnSessions() {
  return useQuery({
    queryKey: ['own-sessions'],
    queryFn: async ({ signal }) => {
      const { sessions } = await call('GET /api/session/sessions', { signal });
      return sessions;
    },
  });
}

export async function endOwnSession(token: string): Promise<void> {
  await call('DELETE /api/session/sessions/:token', { params: { token } });
  await refresh('own-sessions');
}

export async function changePassword(current: string | undefined, next: string): Promise<void> {
  const body = { ...(current ? { current_password: current } : {}), new_password: next };
  await call('POST /api/session/password', { body });
  await refresh('session');
}

/** Which entries of the audit log; those that are empty leave out none. */
export type AuditFilter = {
  action?: string | undefined;
  member?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

/** The audit log, page by page, the newest first. */
export function useAuditLog(organization: string, filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit-log', organization, filter],
    queryFn: ({ signal, pageParam }) =>
      call('GET /api/:organization/audit_log', {
        params: { organization },
        query: { ...filter, before: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}
