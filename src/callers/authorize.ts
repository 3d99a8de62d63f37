import { ApiError } from '../errors.ts';
import type { Caller } from './authenticate.ts';

/**
 * The organization in the path, if it is the caller's own.
 *
 * @param message of the refusal, which clients of the REST API and of the Discovery API look for in different words.
 * @throws ApiError not_found for any other, with the same words whether that one exists or not.
 */
export function ownOrganization(
  caller: Caller,
  username: string,
  message = 'Organization not found.',
): Caller['organization'] {
  if (caller.organization.username === username) return caller.organization;
  throw new ApiError(
    'not_found',
    message,
    'Check the organization in the path, and that the token belongs to it.',
  );
}

/** @throws ApiError forbidden where the caller is not an admin of the organization. */
export function requireAdmin(caller: Caller): void {
  if (caller.member?.role === 'admin') return;
  throw new ApiError(
    'forbidden',
    'Only an admin of the organization can do this.',
    'Use an admin’s API token, or ask an admin.',
  );
}
