import { UnauthorizedError } from '../callers/authenticate.ts';
import { wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import {
  beginSession,
  type NewBrowserSession,
  type SessionOutside,
  type Visitor,
} from './begin-session.ts';
import { rememberBrowser } from './known-browser.ts';
import { hashLinkSecret } from './make-sign-in-link.ts';
import { checkPassword, hashPassword } from './password.ts';
import { refuseWhereProviderSignsIn, setPassword } from './set-password.ts';
import { deleteLinksOfMember, deleteSignInLink, findLinkHolder } from './sign-in-link-store.ts';

type Parts = { database: Database; issuer: string | undefined } & SessionOutside;

/**
 * Begins a session for who has a sign-in link, and sets the member's password where one is given. The link, and every
 * other of the member, is used up by it.
 *
 * @throws UnauthorizedError
 * @throws ApiError where the password cannot be set; the link is as good as before then.
 */
export async function useSignInLink(
  parts: Parts,
  { secret, password }: { secret: string; password?: string | undefined },
  visitor: Visitor,
): Promise<NewBrowserSession> {
  const { database, clock } = parts;
  const secretHash = hashLinkSecret(secret);
  const holder = await findLinkHolder(database, secretHash, wireTime(clock()));
  if (holder === undefined) throw refused();
  const { organizationId, slot, email } = holder;
  let hash: string | undefined;
  if (password !== undefined) {
    checkPassword(password, email);
    await refuseWhereProviderSignsIn(database, organizationId, slot, parts.issuer);
    hash = await hashPassword(password);
  }
  return database.transaction(async (store) => {
    if (!(await deleteSignInLink(store, organizationId, secretHash))) throw refused();
    await deleteLinksOfMember(store, organizationId, slot);
    const begun = { memberSlot: slot, method: 'link', visitor } as const;
    const session = await beginSession(store, organizationId, begun, parts);
    if (hash !== undefined) {
      const actor = { memberSlot: slot, credential: session.token, address: visitor.address };
      await setPassword(store, organizationId, { hash, email, actor, memberSlot: slot }, parts);
    }
    const browser = await rememberBrowser(store, { email, secret: visitor.browser }, parts);
    return { ...session, browser };
  });
}

function refused(): UnauthorizedError {
  return new UnauthorizedError('Session', [
    'This sign-in link is invalid: it was used already, has expired, or was not copied completely.',
    'Ask an admin for a new one, or create one with "rollcall member link".',
  ]);
}
