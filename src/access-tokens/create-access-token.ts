import { type Clock, wireTime } from '../clock.ts';
import type { Queries } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import {
  type AccessToken,
  type ApiCredential,
  hashSecret,
  newApiCredential,
  newSignatureCredential,
  type SignatureCredential,
} from './access-token.ts';
import { insertAccessToken } from './access-token-store.ts';

type Parts = { clock: Clock; identifiers: Identifiers };
type NewToken = Pick<AccessToken, 'name' | 'memberSlot' | 'expiresAt'>;

/** Makes an API token; its secret is in the answer and nowhere else. */
export async function createApiToken(
  queries: Queries,
  organizationId: number,
  given: NewToken,
  { clock, identifiers }: Parts,
): Promise<ApiCredential & { createdAt: string }> {
  const credential = newApiCredential(identifiers);
  const createdAt = wireTime(clock());
  await insertAccessToken(queries, organizationId, {
    ...given,
    token: credential.token,
    kind: 'api',
    secretHash: hashSecret(credential.secret),
    createdAt,
  });
  return { ...credential, createdAt };
}

/** Makes a signature token; its key and secret are in the answer and nowhere else. */
export async function createSignatureToken(
  queries: Queries,
  organizationId: number,
  given: NewToken,
  { clock, identifiers }: Parts,
): Promise<SignatureCredential & { createdAt: string }> {
  const credential = newSignatureCredential(identifiers);
  const createdAt = wireTime(clock());
  await insertAccessToken(queries, organizationId, {
    ...given,
    token: credential.token,
    kind: 'signature',
    secretHash: hashSecret(credential.accessKey, credential.accessSecret),
    createdAt,
  });
  return { ...credential, createdAt };
}
