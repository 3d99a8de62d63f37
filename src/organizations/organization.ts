import { quoted, UserError } from '../errors.ts';

export type Organization = { id: number; username: string; name: string };

const USERNAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

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
  return username;
}
