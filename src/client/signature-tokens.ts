import type {
  CreatedSignatureToken,
  SignatureToken,
} from '../access-tokens/signature-token-schema.ts';
import { type Exchange, sendOnce } from './exchange.ts';

export type { CreatedSignatureToken, SignatureToken };

/** What a new token is called (4 to 64 characters) and when it ends (a time in the future). */
export type NewSignatureToken = { name: string; expiresAt: Date | string };

type Caller = { url: string; authorization: string; signal: AbortSignal | undefined };

// Neither is ever sent again by itself: after a lost answer a second POST would make a second token, a second DELETE
// would find nothing.

export async function createSignatureToken(
  exchange: Exchange,
  caller: Caller,
  { name, expiresAt }: NewSignatureToken,
): Promise<CreatedSignatureToken> {
  const body = {
    signature_token: {
      name,
      expires_at: typeof expiresAt === 'string' ? expiresAt : expiresAt.toISOString(),
      auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    },
  };
  const answer = await sendOnce(exchange, { ...caller, method: 'POST', body });
  return answer as CreatedSignatureToken;
}

export async function revokeSignatureToken(
  exchange: Exchange,
  { url, ...caller }: Caller,
  token: string,
): Promise<SignatureToken> {
  const answer = await sendOnce(exchange, {
    ...caller,
    url: `${url}/${encodeURIComponent(token)}`,
    method: 'DELETE',
    body: undefined,
  });
  return answer as SignatureToken;
}
