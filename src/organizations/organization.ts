import { quoted, UserError } from '../errors.ts';

export type Organization = { id: number; username: string; name: string };

/** The order of organizations. Usernames have no other characters than those of ASCII. */
export function byUsername(a: { username: string }, b: { username: string }): number {
  return a.username < b.username ? -1 : Number(a.username > b.username);
}

/** An organization as it was when a request came: the number of its last change, and what tells its numbers from others. */
export type OrganizationNow = { id: number; position: number; epoch: string };

const USERNAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** What stands in the REST API where a username would. */
const RESERVED = new Set(['account', 'verify']);

/**
 * The username as given, which is the slug in every path.
 *
 * @throws UserError where it could not stand in a path as it is.
 */
export function checkUsername(username: string): string {
  if (!USERNAME.test(username)) {
    throw new UserError(
      `The organization's username is ${quoted(username)}; it must be 1 to 63 of a-z, 0-9, "-" and "_", ` +
        'and begin with a letter or digit.',
    );
  }
  if (RESERVED.has(username)) {
    throw new UserError(
      `The organization's username is ${quoted(username)}, which is a path of the REST API. Choose another one.`,
    );
  }
  return username;
}

/** The organization as a token, for clients that know it by one: its number in 12 hexadecimal digits. */
export function organizationToken({ id }: Organization): string {
  return id.toString(16).padStart(12, '0');
}

/** @throws UserError where it is empty or too long for people to read. */
export function checkOrganizationName(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > 200) {
    throw new UserError(
      `The organization's name is ${quoted(name)}; it must have 1 to 200 characters.`,
    );
  }
  return text;
}
