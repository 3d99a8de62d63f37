import { expect } from 'vitest';
import { listAuditEntries } from '../../src/audit/audit-log-store.ts';
import type { Database } from '../../src/database/database.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { CLIENT, openOidcProvider, type Person } from './open-oidc-provider.ts';
import { makeOrganization, openWorkplace } from './workplace.ts';

export const ANA = { email: 'ana@acme.example', email_verified: true };

/** The audit log's entries of an action, the newest first. */
export const auditOf = (database: Database, { id }: Organization, action: string) =>
  listAuditEntries(
    database,
    id,
    { action, memberEmail: undefined, subjectToken: undefined, since: undefined, until: undefined },
    { before: undefined, limit: 10 },
  );

/** A server that knows a provider, and browsers that go there and come back. */
export async function openWithProvider(flags: Record<string, string> = {}) {
  const oidc = await openOidcProvider('http://localhost/auth/oidc/callback');
  const workplace = await openWorkplace({
    oidcIssuer: oidc.issuer,
    oidcClientId: CLIENT.clientId,
    oidcClientSecret: CLIENT.clientSecret,
    ...flags,
  });
  const acme = await makeOrganization(workplace.database);
  const { send } = workplace;

  /** Sends somebody's browser away; answers where it is sent back to, and with which cookie. */
  async function leave(subject: string, person: Person, query = '') {
    oidc.people.set(subject, person);
    const start = await send({ url: `/auth/oidc/start${query}` });
    expect(start.statusCode).toBe(302);
    const cookie = String(start.headers['set-cookie']).split(';')[0] as string;
    const back = new URL(await oidc.visit(String(start.headers.location), subject));
    return { start, cookie, url: `${back.pathname}${back.search}` };
  }

  /** Goes to the provider and comes back; answers where to, and whose session it is. */
  async function go(subject: string, person: Person, query = '') {
    const { url, cookie } = await leave(subject, person, query);
    return arrive(url, cookie);
  }

  async function arrive(url: string, cookie: string) {
    const answer = await send({ url, headers: { cookie } });
    expect(answer.statusCode).toBe(302);
    const cookies = [answer.headers['set-cookie']].flat().map((line) => String(line).split(';')[0]);
    const session = cookies.find((one) => one?.startsWith('rollcall-session='));
    const state = await send({ url: '/api/session', headers: session ? { cookie: session } : {} });
    return { location: answer.headers.location, session: state.json().session, answer };
  }
  return { ...workplace, workplace, acme, oidc, leave, go, arrive };
}
