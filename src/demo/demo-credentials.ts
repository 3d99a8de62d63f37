import { createApiToken, createSignatureToken } from '../access-tokens/create-access-token.ts';
import { TokenHolders } from '../access-tokens/token-holders.ts';
import {
  authenticateBasic,
  authenticateBearer,
  type Caller,
  UnauthorizedError,
} from '../callers/authenticate.ts';
import { type ApiToken, basicOf, bearerOf, type SignatureCredential } from '../client/index.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { addMember } from '../members/change-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { readCredentials, writeCredentials } from './credentials-file.ts';

type Outside = { clock: Clock; identifiers: Identifiers };

export const DEMO_ADMIN = 'admin@acme.example';
const TOKEN_NAME = 'demo';

/**
 * The `Authorization` header that lists the demo organization. Its credential, and the one of its admin for the REST
 * API, are kept in a file, since the store has only hashes of secrets; what the file lacks, or what lets nobody in any
 * more, is made anew.
 */
export async function getOrMakeDemoBearer(
  database: Database,
  organization: Organization,
  file: string,
  outside: Outside,
): Promise<string> {
  const authentication = { tokenHolders: new TokenHolders(database), clock: outside.clock };
  const kept = readCredentials(file);
  const api =
    (await usable(kept.api, organization, (token) =>
      authenticateBasic(authentication, basicOf(token)),
    )) ?? (await makeApiToken(database, organization, outside));
  const signature =
    (await usable(kept.signature, organization, (credential) =>
      authenticateBearer(authentication, bearerOf(credential)),
    )) ?? (await makeSignatureToken(database, organization, outside));
  if (api !== kept.api || signature !== kept.signature) writeCredentials(file, { api, signature });
  return bearerOf(signature);
}

async function makeApiToken(
  database: Database,
  { id }: Organization,
  outside: Outside,
): Promise<ApiToken> {
  const admin = await addMember(database, id, { email: DEMO_ADMIN, role: 'admin' }, outside);
  const given = { name: TOKEN_NAME, memberSlot: admin.slot, expiresAt: null };
  const { token, secret } = await database.transaction((store) =>
    createApiToken(store, id, given, outside),
  );
  return { token, secret };
}

async function makeSignatureToken(
  database: Database,
  { id }: Organization,
  outside: Outside,
): Promise<SignatureCredential> {
  const given = { name: TOKEN_NAME, memberSlot: null, expiresAt: null };
  const made = await database.transaction((store) =>
    createSignatureToken(store, id, given, outside),
  );
  return { token: made.token, access_key: made.accessKey, access_secret: made.accessSecret };
}

/** The credential, if it lets its bearer into the organization. */
async function usable<Credential>(
  credential: Credential | undefined,
  organization: Organization,
  authenticate: (credential: Credential) => Promise<Caller>,
): Promise<Credential | undefined> {
  if (!credential) return undefined;
  try {
    const caller = await authenticate(credential);
    return caller.organization.id === organization.id ? credential : undefined;
  } catch (error) {
    if (error instanceof UnauthorizedError) return undefined;
    throw error;
  }
}
