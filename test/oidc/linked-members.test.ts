import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import { findMember } from '../../src/members/member-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { ANA, auditOf, openWithProvider } from '../support/open-with-provider.ts';
import { inviteMember, signIn } from '../support/pages.ts';
import { makeOrganization } from '../support/workplace.ts';

async function remove(database: Database, { id }: Organization, email: string) {
  const member = await findMember(database, id, email);
  if (member === undefined) throw new Error(`${email} is no member.`);
  await removeMember(database, id, member, { clock: systemClock });
}

describe('a member who is linked to an account', () => {
  const OTHER = { ...ANA };

  test('was reached by another account of the provider that had got the address', async () => {
    const { workplace, acme, go, database } = await openWithProvider();
    const { browse } = await signIn(workplace, acme, { email: 'root@acme.example' });
    await inviteMember(workplace, acme);
    await go('subject-1', ANA);
    const refused = await go('subject-2', OTHER);
    expect(refused).toMatchObject({ location: '/sign-in?error=not_a_member', session: null });
    const [entry] = await auditOf(database, acme, 'session.refused');
    expect(entry).toMatchObject({ subjectName: ANA.email });
    expect(JSON.parse(entry?.detail ?? '')).toMatchObject({
      subject: 'subject-2',
      reason: expect.stringContaining('An admin can unlink'),
    });
    expect((await go('subject-1', ANA)).session.member.email).toBe(ANA.email);

    const linked = (await browse({ url: '/api/acme/identities' })).json().identities;
    expect(linked).toMatchObject([{ subject: 'subject-1' }]);
    const url = `/api/acme/memberships/${linked[0].membership}/identities`;
    expect((await browse({ method: 'DELETE', url })).statusCode).toBe(200);
    expect((await browse({ method: 'DELETE', url })).statusCode).toBe(200);
    const [unlinked, ...more] = await auditOf(database, acme, 'member.unlinked');
    expect(more).toEqual([]);
    expect(unlinked).toMatchObject({ memberEmail: 'root@acme.example', subjectName: ANA.email });
    // Who had signed in before is out, and the next account of the address is the member's.
    expect(await database.all('select 1 from sessions')).toHaveLength(1);
    expect((await go('subject-2', OTHER)).session.member.email).toBe(ANA.email);
    expect((await go('subject-1', ANA)).location).toBe('/sign-in?error=not_a_member');
  });

  test('is refused to another with the reason in the log', async () => {
    const { workplace, acme, go, leave, arrive } = await openWithProvider({ logLevel: 'warn' });
    await inviteMember(workplace, acme);
    await go('subject-1', ANA);
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    onTestFinished(() => write.mockRestore());
    await go('subject-2', OTHER);
    await go('subject-3', { email: 'bo@acme.example', email_verified: 'no' });
    const { url, cookie } = await leave('subject-1', ANA);
    await arrive(url, 'a=b');
    await arrive(url.replace(/code=[^&]+/, 'error=access_denied'), cookie);
    const refusals = lines.filter((line) => line.includes('OpenID sign-in refused'));
    expect(refusals.map((line) => JSON.parse(line))).toMatchObject([
      { error: 'not_a_member', reason: expect.stringContaining('linked to another account') },
      { error: 'email_unverified', reason: expect.stringContaining('email_verified is "no"') },
      { error: 'oidc_failed', reason: expect.stringContaining('has not started this sign-in') },
      { error: 'oidc_failed', reason: expect.stringMatching(/access_denied|authorization/i) },
    ]);
  });

  test('is not unlinked by who is no admin', async () => {
    const { workplace, acme, go, send } = await openWithProvider();
    const { browse, state } = await signIn(workplace, acme, { role: 'member' });
    await go('subject-1', ANA);
    const url = `/api/acme/memberships/${state.session.member.token}/identities`;
    for (const one of [{ url: '/api/acme/identities' }, { method: 'DELETE', url } as const]) {
      expect((await send(one)).statusCode).toBe(401);
      expect([401, 403]).toContain((await browse(one)).statusCode);
    }
  });

  test('does not stand in the way of a member of the same address elsewhere', async () => {
    const { workplace, acme, go, database } = await openWithProvider();
    const rival = await makeOrganization(database, 'rival');
    await inviteMember(workplace, acme);
    await go('subject-1', ANA);
    await inviteMember(workplace, rival, { email: ANA.email });
    const { session } = await go('subject-2', OTHER);
    expect(session.organization.username).toBe('rival');
    expect((await go('subject-2', OTHER, '?organization=acme')).location).toContain('not_a_member');
    expect((await go('subject-1', ANA)).session.organization.username).toBe('acme');
  });

  test('keeps what was theirs from another account, though they were removed and anybody may join', async () => {
    const flags = { oidcDomains: 'acme.example', oidcJoin: 'acme' };
    const { acme, go, database } = await openWithProvider(flags);
    const before = (await go('subject-1', ANA)).session.member.token;
    await remove(database, acme, ANA.email);
    expect((await go('subject-2', OTHER)).location).toBe('/sign-in?error=not_a_member');
    // The first one comes back as who they were, whatever the address is now.
    const moved = { email: 'ana.new@acme.example', email_verified: true };
    const { session } = await go('subject-1', moved);
    expect(session.member).toMatchObject({ token: before, email: ANA.email, role: 'member' });
    expect((await go('subject-2', OTHER)).location).toBe('/sign-in?error=not_a_member');
  });

  test('who had a password, was removed, and comes back by joining is who they were', async () => {
    const flags = { oidcDomains: 'acme.example', oidcJoin: 'acme' };
    const { workplace, acme, go, database } = await openWithProvider(flags);
    const { state } = await signIn(workplace, acme, { email: ANA.email });
    await remove(database, acme, ANA.email);
    const { session } = await go('subject-1', { ...ANA, email: ' ANA@acme.example' });
    expect(session.member).toMatchObject({ token: state.session.member.token, role: 'member' });
  });

  test('who was removed, and is invited under another address, is not two', async () => {
    const flags = { oidcDomains: 'acme.example', oidcJoin: 'acme' };
    const { workplace, acme, go, database } = await openWithProvider(flags);
    const before = (await go('subject-1', ANA)).session.member.token;
    await remove(database, acme, ANA.email);
    const moved = { email: 'ana.new@acme.example', email_verified: true };
    await inviteMember(workplace, acme, { email: moved.email });
    expect((await go('subject-1', moved)).session.member.email).toBe(moved.email);
    const other = (await go('subject-2', OTHER)).session.member;
    expect(other.email).toBe(ANA.email);
    expect(other.token).not.toBe(before);
  });
});

describe('first sign-ins at once', () => {
  test.each([
    ['of one new person make one member', ['s1', 's1', 's1', 's1'], 4],
    ['of two accounts with one address make one member, of the first', ['s1', 's2'], 1],
  ])('%s', async (_, subjects, letIn) => {
    const flags = { oidcDomains: 'acme.example', oidcJoin: 'acme' };
    const { leave, arrive, database } = await openWithProvider(flags);
    const away: Awaited<ReturnType<typeof leave>>[] = [];
    for (const subject of subjects) away.push(await leave(subject, ANA));
    const back = await Promise.all(away.map(({ url, cookie }) => arrive(url, cookie)));
    expect(back.filter(({ session }) => session?.member.email === ANA.email)).toHaveLength(letIn);
    for (const { location } of back)
      expect(['/', '/sign-in?error=not_a_member']).toContain(location);
    expect(await database.all('select * from members')).toHaveLength(1);
    expect(await database.all('select * from oidc_identities')).toHaveLength(1);
  });

  test('of an invited member let everybody in', async () => {
    const { workplace, acme, leave, arrive, database } = await openWithProvider();
    await inviteMember(workplace, acme);
    const away = [await leave('s1', ANA), await leave('s1', ANA), await leave('s1', ANA)];
    const back = await Promise.all(away.map(({ url, cookie }) => arrive(url, cookie)));
    for (const { session } of back) expect(session.member.email).toBe(ANA.email);
    expect(await database.all('select * from oidc_identities')).toHaveLength(1);
  });
});
