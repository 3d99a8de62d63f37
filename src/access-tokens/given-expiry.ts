import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { parseFutureExpiry } from './access-token.ts';

/** The time of expiry that a caller gives a token. @throws ApiError bad_request where it is none, or past. */
export function givenExpiry(text: string, clock: Clock): string {
  const parsed = parseFutureExpiry(text, clock());
  if ('problem' in parsed) throw new ApiError('bad_request', `expires_at is ${parsed.problem}`);
  return parsed.expiresAt;
}
