import { type Actor, commandLine, recordAudit } from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { hashSecret } from '../secrets.ts';
import {
  type AccessToken,
  type ApiCredential,
  auditKind,
  newApiCredential,
  newSignatureCredential,
  type SignatureCredential,
} from './access-token.ts';
import { insertAccessToken } from './access-token-store.ts';

type Parts = { clock: Clock; identifiers: Identifiers; by?: Actor };
type NewToken = Pick<AccessToken, 'name' | 'memberSlot' | 'expiresAt'>;

/** Makes an API token, within a transaction; its secret is in the answer and nowhere else. */
export async function createApiToken(
  store: Store,
  organizationId: number,
  given: NewToken,
  { clock, identifiers, by }: Parts,
): Promise<ApiCredential & { createdAt: string }> {
  const credential = newApiCredential(identifiers);
  const createdAt = wireTime(clock());
  await keep(store, organizationId, by, {
    ...given,
    token: credential.token,
    kind: 'api',
    secretHash: hashSecret(credential.secret),
    createdAt,
  });
  return { ...credential, createdAt };
}

/** Makes a signature token, within a transaction; its key and secret are in the answer and nowhere else. */
export async function createSignatureToken(
  store: Store,
  organizationId: number,
  given: NewToken,
  { clock, identifiers, by }: Parts,
): Promise<SignatureCredential & { createdAt: string }> {
  const credential = newSignatureCredential(identifiers);
  const createdAt = wireTime(clock());
  await keep(store, organizationId, by, {
    ...given,
    token: credential.token,
    kind: 'signature',
    secretHash: hashSecret(credential.accessKey, credential.accessSecret),
    createdAt,
  });
  return { ...credential, createdAt };
}

async function keep(
  store: Store,
  organizationId: number,
  actor: Actor | undefined,
  accessToken: AccessToken,
): Promise<void> {
  const { kind, token, name, createdAt: at, expiresAt } = accessToken;
  await insertAccessToken(store, organizationId, accessToken);
  await recordAudit(store, organizationId, {
    at,
    actor: actor ?? commandLine,
    action: `${auditKind(kind)}.made`,
    subject: { kind: auditKind(kind), token, name },
    detail: { expires_at: expiresAt },
  });
}
