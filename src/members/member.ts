import { quoted, UserError } from '../errors.ts';
import { MAX_LENGTH } from '../text.ts';

/** What a member may do: an admin everything, a member what concerns members. */
export const roles = ['admin', 'member'] as const;
export type Role = (typeof roles)[number];

export type Member = { slot: number; email: string; role: Role; createdAt: string };

/**
 * The address as it is kept and compared: trimmed, in lower case.
 *
 * @throws UserError where it is not an address.
 */
export function normalizeEmail(email: string): string {
  const address = email.trim().toLowerCase();
  if (!isEmail(address)) {
    throw new UserError(`The email is ${quoted(email)}; it must look like ana@example.com.`);
  }
  return address;
}

/** Whether a text has the form of an address. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH.email && /^[^\s@]+@[^\s@]+$/.test(text);
}
