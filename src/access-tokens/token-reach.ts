import type { Caller } from '../callers/authenticate.ts';
import { ApiError } from '../errors.ts';
import type { ListedAccessToken } from './access-token-store.ts';

/** Whether an access token may be seen and revoked by who calls: an admin has everybody's, a member the own ones. */
export function isTokenFor({ member }: Caller, { memberSlot }: ListedAccessToken): boolean {
  return member?.role === 'admin' || (memberSlot !== null && memberSlot === member?.slot);
}

export function noAccessToken(): ApiError {
  return new ApiError(
    'not_found',
    'access token not found',
    'It may have been revoked. List the valid ones.',
  );
}
