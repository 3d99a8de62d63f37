import { expect, test } from 'vitest';
import { fromOwnPage, PASSWORD, signIn } from '../support/pages.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openWithAna() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  const invite = (email: string, role?: string) =>
    ana.browse({
      method: 'POST',
      url: '/api/acme/invitations',
      payload: { invitation: { email, ...(role ? { role } : {}) } },
    });
  const change = (token: string, role: string) =>
    ana.browse({
      method: 'PATCH',
      url: `/api/acme/memberships/${token}`,
      payload: { membership: { role } },
    });
  const remove = (token: string) =>
    ana.browse({ method: 'DELETE', url: `/api/acme/memberships/${token}` });
  const own = ana.state.session.member.token as string;
  const follow = (link: string, password?: string) =>
    workplace.send({
      method: 'POST',
      url: '/api/session/link',
      headers: fromOwnPage,
      payload: { link: link.split('#link=')[1], ...(password ? { password } : {}) },
    });
  return { ...workplace, acme, ana, own, invite, change, remove, follow };
}

test('an invitation makes a member, and a link that signs the member in', async () => {
  const { invite, follow, time } = await openWithAna();
  const invited = await invite(' Bo@Example.com ');
  expect(invited.statusCode).toBe(200);
  const invitation = invited.json();
  expect(invitation).toMatchObject({ email: 'bo@example.com', role: 'member' });
  expect(invitation.link).toMatch(/^http:\/\/localhost\/sign-in#link=[0-9a-f]{64}$/);
  expect(Date.parse(invitation.expires_at) - time.nowMs).toBe(24 * 60 * 60 * 1000);
  const session = (await follow(invitation.link, PASSWORD)).json().session;
  expect(session.member).toMatchObject({ token: invitation.token, email: 'bo@example.com' });
});

test('a link begins with the public address', async () => {
  const workplace = await openWorkplace({ publicUrl: 'https://reports.example.com/' });
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  const url = `/api/acme/memberships/${ana.state.session.member.token}/sign_in_links`;
  const made = await ana.browse({ method: 'POST', url });
  expect(made.json().link).toMatch(/^https:\/\/reports\.example\.com\/sign-in#link=/);
});

test('who is a member already is not invited again, but can be given a link', async () => {
  const { invite, ana, follow } = await openWithAna();
  const bo = (await invite('bo@example.com')).json();
  const again = await invite('BO@example.com', 'admin');
  expect(again.statusCode).toBe(409);
  expect(again.json().message).toBe('bo@example.com is a member already.');
  const url = `/api/acme/memberships/${bo.token}/sign_in_links`;
  const made = (await ana.browse({ method: 'POST', url })).json();
  expect((await follow(made.link)).statusCode).toBe(200);
  expect((await follow(bo.link)).statusCode).toBe(401);
});

test.each(['', 'bo', 'bo@', 'b o@example.com', 'bo@example.com\u0000', '@'])(
  'the email %j is refused',
  async (email) => {
    const { invite } = await openWithAna();
    expect((await invite(email)).statusCode).toBe(400);
  },
);

test('a role is changed, and counts at the next request', async () => {
  const { invite, change, follow, send } = await openWithAna();
  const bo = (await invite('bo@example.com')).json();
  const cookie = String((await follow(bo.link)).headers['set-cookie']).split(';')[0];
  const log = () => send({ url: '/api/acme/audit_log', headers: { cookie } });
  expect((await log()).statusCode).toBe(403);
  const changed = await change(bo.token, 'admin');
  expect(changed.json()).toMatchObject({ token: bo.token, admin: true });
  expect((await log()).statusCode).toBe(200);
});

test('a member who is removed can do nothing any more', async () => {
  const { invite, remove, follow, send, database } = await openWithAna();
  const bo = (await invite('bo@example.com')).json();
  const cookie = String((await follow(bo.link)).headers['set-cookie']).split(';')[0];
  const removed = await remove(bo.token);
  expect(removed.json()).toMatchObject({ token: bo.token });
  expect((await send({ url: '/api/acme/memberships', headers: { cookie } })).statusCode).toBe(401);
  expect((await remove(bo.token)).statusCode).toBe(404);
  expect(await database.all('select * from members')).toHaveLength(1);
});

test('the last admin stays, and stays admin', async () => {
  const { own, change, remove, invite } = await openWithAna();
  expect((await change(own, 'member')).statusCode).toBe(409);
  expect((await remove(own)).statusCode).toBe(409);
  expect((await remove(own)).json().message).toContain('is the last admin');
  await invite('bo@example.com', 'admin');
  expect((await change(own, 'member')).statusCode).toBe(200);
});

test('of two admins who remove each other at once, one stays', async () => {
  const { acme, database, invite, own, remove, send } = await openWithAna();
  const bo = (await invite('bo@example.com', 'admin')).json();
  const authorization = await makeBasic(database, acme, 'admin', 'bo@example.com');
  const answers = await Promise.all([
    remove(bo.token),
    send({ method: 'DELETE', url: `/api/acme/memberships/${own}`, headers: { authorization } }),
  ]);
  const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
  expect(statuses[0]).toBe(200);
  expect([401, 404, 409]).toContain(statuses[1]);
  const admins = await database.all("select * from members where role = 'admin'");
  expect(admins).toHaveLength(1);
});

test('a member who is no admin may do none of it', async () => {
  const { acme, database, own, send } = await openWithAna();
  const authorization = await makeBasic(database, acme, 'member', 'bo@acme.example');
  const requests = [
    { method: 'POST', url: '/api/acme/invitations', payload: {} },
    { method: 'PATCH', url: `/api/acme/memberships/${own}`, payload: {} },
    { method: 'DELETE', url: `/api/acme/memberships/${own}` },
    { method: 'POST', url: `/api/acme/memberships/${own}/sign_in_links` },
    { method: 'GET', url: '/api/acme/audit_log' },
    { method: 'GET', url: '/api/acme/signature_tokens' },
  ] as const;
  for (const request of requests) {
    expect((await send({ ...request, headers: { authorization } })).statusCode).toBe(403);
  }
});
