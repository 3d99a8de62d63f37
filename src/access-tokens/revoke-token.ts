import { type Actor, recordAudit } from '../audit/audit-log-store.ts';
import type { Database } from '../database/database.ts';
import { type AccessTokenKind, auditKind } from './access-token.ts';
import { findAccessToken, revokeAccessToken } from './access-token-store.ts';

/** Revokes a token, which is refused from the next request on; does nothing where there is none such. */
export async function revokeToken(
  database: Database,
  organizationId: number,
  { kind, token }: { kind: AccessTokenKind; token: string },
  { at, by }: { at: string; by: Actor },
): Promise<void> {
  await database.transaction(async (store) => {
    const found = await findAccessToken(store, organizationId, kind, token);
    if (found === undefined) return;
    await revokeAccessToken(store, organizationId, kind, token, at);
    await recordAudit(store, organizationId, {
      at,
      actor: by,
      action: `${auditKind(kind)}.revoked`,
      subject: { kind: auditKind(kind), token, name: found.name },
    });
  });
}
