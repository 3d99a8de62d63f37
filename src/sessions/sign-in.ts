import { recordAudit } from '../audit/audit-log-store.ts';
import type { BackgroundWork } from '../background-work.ts';
import { UnauthorizedError } from '../callers/authenticate.ts';
import { wireTime } from '../clock.ts';
import { type Database, requireEveryNode } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import {
  beginSession,
  type NewBrowserSession,
  type SessionOutside,
  type Visitor,
} from './begin-session.ts';
import { beginAttempt } from './guessing.ts';
import { rememberBrowser } from './known-browser.ts';
import { hashPassword, isOutdated, isPassword } from './password.ts';
import {
  findSignInCandidates,
  replacePasswordHash,
  type SignInCandidate,
} from './password-store.ts';

type Parts = { database: Database; background: BackgroundWork } & SessionOutside;

export type SignIn = { email: string; password: string; organization?: string | undefined };

/**
 * Begins a session for who gives the password of a member. What is answered, and how long it takes, is the same whether
 * there is such a member or not.
 *
 * @throws UnauthorizedError
 * @throws TooManyAttemptsError
 * @throws ApiError conflict where one password opens several organizations, and none is named.
 */
export async function signIn(
  parts: Parts,
  { email: given, password, organization }: SignIn,
  visitor: Visitor,
): Promise<NewBrowserSession> {
  const { database } = parts;
  const email = given.trim().toLowerCase();
  const { address, browser } = visitor;
  const succeed = await beginAttempt(parts, { email, address, browser });
  const candidates = (await findSignInCandidates(database, email)).filter(
    ({ username }) => organization === undefined || organization === username,
  );
  const opened = await openedBy(password, candidates);
  const [found, ...others] = opened;
  if (found === undefined) {
    requireEveryNode(database);
    recordRefusals(parts, candidates, { email, address });
    throw new UnauthorizedError('Session', [
      'The email or the password is wrong.',
      'Ask an admin for a sign-in link to set a new password.',
    ]);
  }
  await succeed();
  if (others.length > 0) {
    const names = opened.map(({ username }) => username).join(', ');
    throw new ApiError(
      'conflict',
      `This email and password are those of a member of several organizations: ${names}.`,
      'Send one of them as organization.',
    );
  }
  const newHash = isOutdated(found.passwordHash) ? await hashPassword(password) : undefined;
  return database.transaction(async (store) => {
    if (newHash !== undefined) {
      const replaced = { memberSlot: found.slot, from: found.passwordHash, to: newHash };
      await replacePasswordHash(store, found.organizationId, replaced);
    }
    const begun = { memberSlot: found.slot, method: 'password', visitor } as const;
    const session = await beginSession(store, found.organizationId, begun, parts);
    const known = await rememberBrowser(store, { email, secret: browser }, parts);
    return { ...session, browser: known };
  });
}

/** Those whose password it is. One is looked at even where there is none. */
async function openedBy(
  password: string,
  candidates: readonly SignInCandidate[],
): Promise<(SignInCandidate & { passwordHash: string })[]> {
  const hashes = candidates.length === 0 ? [null] : candidates.map((one) => one.passwordHash);
  const areRight = await Promise.all(hashes.map((hash) => isPassword(password, hash)));
  return candidates.flatMap((candidate, index) =>
    areRight[index] && candidate.passwordHash !== null
      ? [{ ...candidate, passwordHash: candidate.passwordHash }]
      : [],
  );
}

/** In the background, since an answer that waited for it would tell that there is such a member. */
function recordRefusals(
  { database, background, clock }: Parts,
  candidates: readonly SignInCandidate[],
  { email, address }: { email: string; address: string },
): void {
  const at = wireTime(clock());
  for (const { organizationId } of candidates) {
    background.add(() =>
      database.transaction((store) =>
        recordAudit(store, organizationId, {
          at,
          actor: { memberSlot: null, credential: null, address },
          action: 'session.refused',
          subject: { kind: 'member', name: email },
        }),
      ),
    );
  }
}
