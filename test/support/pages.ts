import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { commandLine } from '../../src/audit/audit-log-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { addMember } from '../../src/members/change-members.ts';
import type { Member, Role } from '../../src/members/member.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { makeSignInLink } from '../../src/sessions/make-sign-in-link.ts';
import type { Workplace } from './workplace.ts';

/** What a browser says of a request that a page of ours makes. */
export const fromOwnPage = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };

export const PASSWORD = 'lamp walnut harbour nine';

/** Makes somebody a member, and a sign-in link for them; answers what stands in it. */
export async function inviteMember(
  { database, time }: Pick<Workplace, 'database' | 'time'>,
  organization: Organization,
  { email = `ana@${organization.username}.example`, role = 'admin' as Role, hours = 24 } = {},
): Promise<{ member: Member; link: string }> {
  const outside = { clock: () => time.nowMs, identifiers: randomIdentifiers };
  const member = await addMember(database, organization.id, { email, role }, outside);
  const { secret } = await database.transaction((store) =>
    makeSignInLink(store, organization.id, { member, hours, by: commandLine }, outside),
  );
  return { member, link: secret };
}

/** The first cookie that an answer sets, as the browser sends it from then on. */
function cookieOf(response: LightMyRequestResponse): string {
  return String(response.headers['set-cookie']).split(';')[0] as string;
}

/** A browser with a page of ours open, and the cookie of somebody who signed in by a link and set a password. */
export async function signIn(
  workplace: Workplace,
  organization: Organization,
  { password = PASSWORD, ...who }: { email?: string; role?: Role; password?: string } = {},
) {
  const { member, link } = await inviteMember(workplace, organization, who);
  const response = await workplace.send({
    method: 'POST',
    url: '/api/session/link',
    headers: fromOwnPage,
    payload: { link, password },
  });
  if (response.statusCode !== 200) throw new Error(response.body);
  const cookie = cookieOf(response);
  const [, known] = [response.headers['set-cookie']].flat();
  const browserCookie = String(known).split(';')[0] as string;
  const browse = (request: InjectOptions) =>
    workplace.send({ ...request, headers: { ...fromOwnPage, cookie, ...request.headers } });
  return { member, cookie, browserCookie, browse, state: response.json() };
}
