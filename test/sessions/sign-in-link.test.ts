import { expect, test } from 'vitest';
import { fromOwnPage, inviteMember, PASSWORD, signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openWithLink({ hours = 24 } = {}) {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const { link, member } = await inviteMember(workplace, acme, { hours });
  const use = (payload: { link: string; password?: string }) =>
    workplace.send({ method: 'POST', url: '/api/session/link', headers: fromOwnPage, payload });
  return { ...workplace, workplace, acme, member, link, use };
}

test('a link signs in once', async () => {
  const { link, use } = await openWithLink();
  const first = await use({ link });
  expect(first.statusCode).toBe(200);
  expect(first.json().session.member).toMatchObject({ role: 'admin', has_password: false });
  const second = await use({ link });
  expect(second.statusCode).toBe(401);
  expect(second.json().message).toContain('used already');
});

test('a link that is used many times at once signs in once', async () => {
  const { link, use } = await openWithLink();
  const answers = await Promise.all(Array.from({ length: 8 }, () => use({ link })));
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([
    200,
    ...Array(7).fill(401),
  ]);
});

test('a link is good for as long as it was made for', async () => {
  const { link, use, time } = await openWithLink({ hours: 1 });
  time.nowMs += 60 * 60 * 1000;
  expect((await use({ link })).statusCode).toBe(401);
});

test('an unknown link is answered as a used one', async () => {
  const { link, use } = await openWithLink();
  await use({ link });
  const used = await use({ link });
  const unknown = await use({ link: '0'.repeat(64) });
  expect(unknown.body).toBe(used.body);
  expect((await use({ link: 'short' })).statusCode).toBe(400);
});

test('a link sets a password, which ends the sessions and links that there were', async () => {
  const { workplace, acme, use, database } = await openWithLink();
  const ana = await signIn(workplace, acme, { password: 'the password before' });
  const { link: next } = await inviteMember(workplace, acme);
  await inviteMember(workplace, acme);
  expect((await use({ link: next, password: PASSWORD })).statusCode).toBe(200);
  expect((await ana.browse({ url: '/api/session' })).json().session).toBeNull();
  expect(await database.all('select * from sign_in_links')).toEqual([]);
  const signInWith = async (password: string) =>
    (
      await workplace.send({
        method: 'POST',
        url: '/api/session',
        headers: fromOwnPage,
        payload: { email: ana.member.email, password },
      })
    ).statusCode;
  expect(await signInWith(PASSWORD)).toBe(200);
  expect(await signInWith('the password before')).toBe(401);
});

test.each([
  ['short', 'has 5 characters'],
  ['a'.repeat(40), 'too easy to guess'],
  ['ana@acme.example', 'too easy to guess'],
  ['é'.repeat(201), 'has 201 characters'],
])(
  'the password %j is not accepted, is not shown, and the link stays good',
  async (password, words) => {
    const { link, use } = await openWithLink();
    const refused = await use({ link, password });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().message).toContain(words);
    expect(refused.body).not.toContain(password);
    expect((await use({ link, password: PASSWORD })).statusCode).toBe(200);
  },
);

test('a password is the same however a keyboard composes it', async () => {
  const { link, use, send, member } = await openWithLink();
  await use({ link, password: 'caf\u00e9 cr\u00e8me \u017foft' });
  const answer = await send({
    method: 'POST',
    url: '/api/session',
    headers: fromOwnPage,
    payload: { email: member.email, password: 'cafe\u0301 cre\u0300me soft' },
  });
  expect(answer.statusCode).toBe(200);
});
