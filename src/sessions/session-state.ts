import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findRows } from '../inventory/row-store.ts';
import { findPasswordHash } from './password-store.ts';
import type { SessionState } from './session-schema.ts';
import type { SessionHolder } from './session-store.ts';

/** What a page is told of a session, or that there is none. */
export async function describeState(
  store: Store,
  { issuer, readOnly }: { issuer: string | undefined; readOnly: string | undefined },
  holder: SessionHolder | undefined,
): Promise<SessionState> {
  return {
    session: holder === undefined ? null : await describeSession(store, holder),
    methods: issuer === undefined ? ['password'] : ['password', 'oidc'],
    read_only: readOnly ?? null,
  };
}

async function describeSession(
  store: Store,
  { token, createdAt, lastSeenAt, expiresAt, organization, member }: SessionHolder,
) {
  const { id, username, name } = organization;
  const { slot, role, email } = member;
  const [row] = await findRows(store, id, lists.members, 'slot', [slot]);
  return {
    token,
    created_at: createdAt,
    last_seen_at: lastSeenAt,
    expires_at: expiresAt,
    organization: { username, name },
    member: {
      token: row?.token ?? '',
      email,
      role,
      has_password: (await findPasswordHash(store, id, slot)) !== undefined,
    },
  };
}
