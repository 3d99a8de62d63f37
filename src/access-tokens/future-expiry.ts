import { type Clock, wireTime } from '../clock.ts';
import { ApiError, quoted } from '../errors.ts';
import { parseExpiry } from './access-token.ts';

/** The time of expiry that a caller gives a token. @throws ApiError bad_request where it is none, or past. */
export function parseFutureExpiry(text: string, clock: Clock): string {
  const expiresAt = parseExpiry(text);
  if (expiresAt === undefined) {
    throw new ApiError(
      'bad_request',
      `expires_at is ${quoted(text)}; it must be an ISO 8601 time with its zone, such as 2026-10-02T21:00Z.`,
    );
  }
  if (expiresAt <= wireTime(clock())) {
    throw new ApiError(
      'bad_request',
      `expires_at is ${quoted(text)}, which is past; it must be in the future.`,
    );
  }
  return expiresAt;
}
