import type { TokenHolder } from '../access-tokens/access-token-store.ts';
import type { LastUses } from '../access-tokens/last-uses.ts';
import type { TokenHolders } from '../access-tokens/token-holders.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { AsOf } from '../database/commit-memo.ts';
import { ApiError } from '../errors.ts';
import { hashesAreEqual, hashSecret } from '../secrets.ts';
import type { SessionHolders } from '../sessions/session-holders.ts';
import type { SessionHolder } from '../sessions/session-store.ts';
import { requireOwnPage } from './request-origin.ts';
import { credentialIn } from './sent-credential.ts';
import { type RequestHead, sessionIdIn } from './session-cookie.ts';

/** Who calls: an organization, the member that the credential belongs to, if any, and the credential's public part. */
export type Caller = Pick<TokenHolder, 'organization' | 'member'> & {
  token: string;
  /** Whether a page calls, with the cookie of a session. */
  inApp?: true;
};

/** Who reads the Discovery API. */
export type Reader = Caller & { mayListPersonal: boolean; expiresAt?: string | null };

/** A member who calls from a page. */
export type SessionCaller = Caller & Pick<SessionHolder, 'member'>;

/** Who calls with an access token, and when that expires. */
export type TokenCaller = Caller & Pick<TokenHolder, 'expiresAt'>;

/** What it takes to judge an access token. */
export type TokenAuthentication = { tokenHolders: TokenHolders; clock: Clock; lastUses?: LastUses };

/** What it takes to judge any credential. */
export type Authentication = TokenAuthentication & { sessionHolders: SessionHolders };
type Scheme = 'Bearer' | 'Basic' | 'Session';

/** How a response asks for a credential of each kind (RFC 7617 for Basic, RFC 6750 for Bearer). */
const challenges: Record<Scheme, string> = {
  Bearer: 'Bearer',
  Basic: 'Basic realm="Rollcall", charset="UTF-8"',
  Session: 'Session realm="Rollcall"',
};

const refusals: Record<Scheme, [message: string, hint: string]> = {
  Bearer: [
    'The Discovery API needs a valid signature token.',
    'Send "Authorization: Bearer " followed by the strict Base64 of id:access_key:access_secret. ' +
      'An administrator creates a token with "rollcall signature-token create".',
  ],
  Basic: [
    'This needs a valid API token.',
    'Send it by HTTP Basic: the token as user name, its secret as password. ' +
      'An administrator creates one with "rollcall api-token create".',
  ],
  Session: [
    'This needs a session, and there is none or it has expired.',
    'Sign in. Programs use an API token instead.',
  ],
};

/** The credential was refused; the answer is the same for every cause. */
export class UnauthorizedError extends ApiError {
  constructor(scheme: Scheme, [message, hint] = refusals[scheme]) {
    super('unauthorized', message, hint, { challenge: challenges[scheme] });
  }
}

/**
 * The caller behind `Authorization: Bearer`, which carries a signature token.
 *
 * @param asOf the state of the store, if the caller has looked at it.
 * @throws UnauthorizedError
 */
export async function authenticateBearer(
  parts: TokenAuthentication,
  header: string | undefined,
  asOf?: AsOf,
): Promise<TokenCaller> {
  const [token, accessKey, accessSecret, ...more] = credentialParts(
    'Bearer',
    header,
    Number.POSITIVE_INFINITY,
  );
  if (
    token === undefined ||
    accessKey === undefined ||
    accessSecret === undefined ||
    more.length > 0
  ) {
    throw new UnauthorizedError('Bearer');
  }
  return verify(parts, 'Bearer', token, hashSecret(accessKey, accessSecret), asOf);
}

/** The caller behind `Authorization: Basic`, which carries an API token. @throws UnauthorizedError */
export async function authenticateBasic(
  parts: TokenAuthentication,
  header: string | undefined,
): Promise<Caller> {
  const [token, secret] = credentialParts('Basic', header, 2);
  if (token === undefined || secret === undefined) throw new UnauthorizedError('Basic');
  return verify(parts, 'Basic', token, hashSecret(secret));
}

/**
 * The member who calls the REST API: behind `Authorization: Basic`, or else behind the cookie of a session.
 *
 * @throws UnauthorizedError
 * @throws ApiError forbidden where a session is to change something from a page of another origin.
 */
export async function authenticateMember(
  parts: Authentication,
  request: RequestHead,
): Promise<Caller> {
  const { headers } = request;
  if (headers.authorization === undefined && isFromPage(request)) {
    return authenticateSession(parts, request);
  }
  return authenticateBasic(parts, headers.authorization);
}

/**
 * Who reads the Discovery API: behind a signature token, or behind the cookie of a session, whose pages read the same lists.
 * Those are the same for everybody, so a member's has personal spaces only as long as the member is an admin.
 *
 * @param asOf the state of the store, if the caller has looked at it.
 * @throws UnauthorizedError
 */
export async function authenticateReader(
  parts: Authentication,
  request: RequestHead,
  asOf?: AsOf,
): Promise<Reader> {
  const { authorization, cookie } = request.headers;
  if (authorization === undefined && cookie !== undefined) {
    const caller = await authenticateSession(parts, request, asOf);
    return readerOf(caller);
  }
  return readerOf(await authenticateBearer(parts, authorization, asOf));
}

/** What is the organization's own lists everything; what is a member's, as much as the member may see now. */
export function readerOf<From extends Caller>(caller: From): From & Reader {
  const mayListPersonal = caller.member === undefined || caller.member.role === 'admin';
  return { ...caller, mayListPersonal };
}

/** The caller behind the cookie of a session. @throws as `authenticateMember` does */
export async function authenticateSession(
  { sessionHolders }: Pick<Authentication, 'sessionHolders'>,
  request: RequestHead,
  asOf?: AsOf,
): Promise<SessionCaller> {
  const { publicUrl } = sessionHolders;
  const id = sessionIdIn(request, publicUrl);
  const holder = id === undefined ? undefined : await sessionHolders.find(id, asOf);
  if (holder === undefined) throw new UnauthorizedError('Session');
  requireOwnPage(request, publicUrl);
  const { organization, member, token } = holder;
  return { organization, member, token, inApp: true };
}

/** Whether a page sends this. To one that asks for Basic its browser would open a window for a name and a password. */
function isFromPage({ headers }: RequestHead): boolean {
  return headers.cookie !== undefined || headers['sec-fetch-mode'] !== undefined;
}

/** What stands between the colons of a credential; nothing where it is malformed or of another scheme. */
function credentialParts(scheme: Scheme, header: string | undefined, most: number): string[] {
  const credential = credentialIn(header);
  if (credential?.scheme !== scheme.toLowerCase()) return [];
  const parts = credential.text.split(':');
  return parts.length <= most
    ? parts
    : [...parts.slice(0, most - 1), parts.slice(most - 1).join(':')];
}

const NO_HASH = Buffer.alloc(32);

async function verify(
  { tokenHolders, clock, lastUses }: TokenAuthentication,
  scheme: Scheme,
  token: string,
  hash: Buffer,
  asOf?: AsOf,
): Promise<TokenCaller> {
  const holder = await tokenHolders.find(scheme === 'Bearer' ? 'signature' : 'api', token, asOf);
  // Compared even where there is nothing to compare with, so that the time taken tells nothing.
  const isRight = hashesAreEqual(holder?.secretHash ?? NO_HASH, hash);
  const isAlive =
    holder !== undefined && (holder.expiresAt === null || holder.expiresAt > wireTime(clock()));
  if (!isRight || !isAlive) throw new UnauthorizedError(scheme);
  lastUses?.note(holder.organization.id, token);
  const { organization, member, expiresAt } = holder;
  return { organization, member, expiresAt, token };
}
