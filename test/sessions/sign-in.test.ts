import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { wireTime } from '../../src/clock.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { beginAttempt, MOST_TRIES } from '../../src/sessions/guessing.ts';
import { fromOwnPage, inviteMember, PASSWORD, signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace, type Workplace } from '../support/workplace.ts';

const ANA = 'ana@acme.example';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function openWithAna(flags = {}) {
  const workplace = await openWorkplace(flags);
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  return { ...workplace, workplace, acme, ana };
}

/** The same, and what tries are counted with: without a password to hash, hundreds take no time. */
async function openGuessing() {
  const opened = await openWithAna();
  const { database, time } = opened;
  return { ...opened, parts: { database, clock: () => time.nowMs } };
}

const tryPassword = (
  { send }: Pick<Workplace, 'send'>,
  password: string,
  {
    email = ANA,
    address = '192.0.2.1',
    organization = undefined as string | undefined,
    cookie = '',
  } = {},
) =>
  send({
    method: 'POST',
    url: '/api/session',
    headers: { ...fromOwnPage, ...(cookie && { cookie }) },
    remoteAddress: address,
    payload: { email, password, ...(organization ? { organization } : {}) },
  });

describe('a password', () => {
  test('opens a session, and the page is told who is signed in', async () => {
    const { send, workplace } = await openWithAna();
    const answer = await tryPassword(workplace, PASSWORD, { email: ` ${ANA.toUpperCase()} ` });
    expect(answer.statusCode).toBe(200);
    const { session, methods } = answer.json();
    expect(methods).toEqual(['password']);
    expect(session).toMatchObject({
      organization: { username: 'acme' },
      member: { email: ANA, role: 'admin', has_password: true },
    });
    const cookie = String(answer.headers['set-cookie']).split(';')[0];
    const state = await send({ method: 'GET', url: '/api/session', headers: { cookie } });
    expect(state.json()).toEqual(answer.json());
  });

  test('is refused in the same words whether the member is known or not', async () => {
    const { workplace, acme } = await openWithAna();
    await inviteMember(workplace, acme, { email: 'nopassword@acme.example' });
    const answers = [
      await tryPassword(workplace, 'wrong wrong wrong'),
      await tryPassword(workplace, PASSWORD, { email: 'nobody@acme.example' }),
      await tryPassword(workplace, PASSWORD, { email: 'nopassword@acme.example' }),
      await tryPassword(workplace, PASSWORD, { organization: 'rival' }),
      await tryPassword(workplace, '', { email: '' }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.body).toBe(answers[0]?.body);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.headers['www-authenticate']).toBe('Session realm="Rollcall"');
    }
  });

  test('costs as much work to refuse whether the member is known or not', async () => {
    const { workplace } = await openWithAna();
    const work = async (emailOf: (turn: number) => string) => {
      const before = process.cpuUsage();
      for (let turn = 0; turn < 5; turn++) {
        const from = { email: emailOf(turn), address: `198.51.100.${turn}` };
        await tryPassword(workplace, 'wrong wrong', from);
      }
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ofKnown = await work(() => ANA);
    // Hashing is nearly all of it: without it, there would be next to nothing to do.
    expect(await work((turn) => `nobody${turn}@acme.example`)).toBeGreaterThan(ofKnown / 3);
  });

  test('that opens two organizations asks which', async () => {
    const { database, workplace } = await openWithAna();
    const rival = await makeOrganization(database, 'rival');
    await signIn(workplace, rival, { email: ANA });
    const both = await tryPassword(workplace, PASSWORD);
    expect(both.statusCode).toBe(409);
    expect(both.json().message).toContain('acme, rival');
    const one = await tryPassword(workplace, PASSWORD, { organization: 'rival' });
    expect(one.json().session.organization.username).toBe('rival');
  });

  test('that opens one of two organizations opens that one', async () => {
    const { database, workplace } = await openWithAna();
    const rival = await makeOrganization(database, 'rival');
    await signIn(workplace, rival, { email: ANA, password: 'another password' });
    const answer = await tryPassword(workplace, 'another password');
    expect(answer.json().session.organization.username).toBe('rival');
  });
});

describe('guessing', () => {
  const STRANGER = { address: '203.0.113.9' };

  test('shut the owner out: a stranger’s guesses end at the stranger’s address', async () => {
    const { workplace, time } = await openWithAna();
    for (let turn = 0; turn < MOST_TRIES.accountFromAddress; turn++)
      expect((await tryPassword(workplace, 'wrong wrong', STRANGER)).statusCode).toBe(401);
    const stopped = await tryPassword(workplace, PASSWORD, STRANGER);
    expect(stopped.statusCode).toBe(429);
    expect(stopped.headers['retry-after']).toBe('900');
    expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
    time.nowMs += 15 * MINUTE_MS;
    expect((await tryPassword(workplace, PASSWORD, STRANGER)).statusCode).toBe(200);
  });

  test('is told by the address that a trusted proxy names, and by no other', async () => {
    const flags = { trustProxy: '192.0.2.1' };
    const { workplace } = await openWithAna(flags);
    const from = (forwarded: string, remoteAddress: string, password: string) =>
      workplace.send({
        method: 'POST',
        url: '/api/session',
        headers: { ...fromOwnPage, 'x-forwarded-for': forwarded },
        remoteAddress,
        payload: { email: ANA, password },
      });
    for (let turn = 0; turn < MOST_TRIES.accountFromAddress; turn++) {
      await from('203.0.113.9', '192.0.2.1', 'wrong wrong');
      // Who says that a proxy sent it counts as themselves.
      await from(`198.51.100.${turn}`, '203.0.113.50', 'wrong wrong');
    }
    expect((await from('203.0.113.9', '192.0.2.1', PASSWORD)).statusCode).toBe(429);
    expect((await from('198.51.100.200', '203.0.113.50', PASSWORD)).statusCode).toBe(429);
    expect((await from('203.0.113.10', '192.0.2.1', PASSWORD)).statusCode).toBe(200);
  });

  test('is answered alike for an account that there is not', async () => {
    const { workplace } = await openWithAna();
    const answers: string[] = [];
    for (const email of [ANA, 'nobody@acme.example']) {
      for (let turn = 0; turn <= MOST_TRIES.accountFromAddress; turn++) {
        const { statusCode, body } = await tryPassword(workplace, 'wrong wrong', { email });
        answers.push(`${statusCode} ${body}`);
      }
    }
    const half = answers.length / 2;
    expect(answers.slice(0, half)).toEqual(answers.slice(half));
  });

  test('ends for an address, whatever accounts it tries, and for no other address', async () => {
    const { workplace, parts } = await openGuessing();
    for (let turn = 0; turn < MOST_TRIES.address; turn++)
      await beginAttempt(parts, {
        ...STRANGER,
        email: `nobody${turn}@a.example`,
        browser: undefined,
      });
    expect((await tryPassword(workplace, PASSWORD, STRANGER)).statusCode).toBe(429);
    expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
  });

  test('from very many addresses ends too, but not for the owner in a browser used before, nor by a link', async () => {
    const { workplace, acme, parts, ana } = await openGuessing();
    const stranger = (turn: number) =>
      beginAttempt(parts, { email: ANA, address: `203.0.113.${turn}`, browser: undefined });
    const guesses: number[] = [];
    for (let turn = 0; turn < 2 * MOST_TRIES.account; turn++)
      guesses.push(
        await stranger(Math.floor(turn / 15))
          .then(() => 1)
          .catch(() => 0),
      );
    // Of 15 from each address, 10 count; and of all of them, a hundred.
    expect(guesses.reduce((sum, one) => sum + one, 0)).toBe(MOST_TRIES.account);
    expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(429);

    const known = await tryPassword(workplace, PASSWORD, { cookie: ana.browserCookie });
    expect(known.statusCode).toBe(200);
    // One good sign-in gives strangers nothing back.
    expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(429);
    const { link } = await inviteMember(workplace, acme);
    const payload = { link };
    const request = { method: 'POST', url: '/api/session/link', headers: fromOwnPage } as const;
    expect((await workplace.send({ ...request, payload })).statusCode).toBe(200);
  });

  test('in a browser used before is counted by itself, for the account of who used it', async () => {
    const { workplace, parts, ana } = await openGuessing();
    const [, secret = ''] = ana.browserCookie.split('=');
    const used = { address: '203.0.113.9', browser: secret };
    for (let turn = 0; turn < MOST_TRIES.own; turn++)
      await beginAttempt(parts, { ...used, email: ANA });
    await expect(beginAttempt(parts, { ...used, email: ANA })).rejects.toThrow('Too many sign-ins');
    expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
    // It is none of those where another account was used, nor is one that was made up.
    for (const browser of [secret, 'f'.repeat(64)]) {
      const given = { email: `bo@${browser.length}.example`, address: '203.0.113.10', browser };
      for (let turn = 0; turn < MOST_TRIES.accountFromAddress / 2; turn++)
        await beginAttempt(parts, given);
    }
    const bo = { email: 'bo@64.example', address: '203.0.113.10', browser: undefined };
    await expect(beginAttempt(parts, bo)).rejects.toThrow('Too many sign-ins');
  });

  test('of many at once is counted as that of one after another', async () => {
    const { parts } = await openGuessing();
    const guesses = Array.from({ length: 25 }, () =>
      beginAttempt(parts, { email: ANA, ...STRANGER, browser: undefined }),
    );
    const outcomes = await Promise.allSettled(guesses);
    const tried = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(tried).toHaveLength(MOST_TRIES.accountFromAddress);
  });

  test('by somebody else at the same address does not shut out who knows the password', async () => {
    const { workplace } = await openWithAna();
    for (let turn = 0; turn <= MOST_TRIES.address; turn++) {
      expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
    }
  });

  test('of the current password, by who found a browser open, ends like any other', async () => {
    const { ana } = await openWithAna();
    const change = (current_password: string) =>
      ana.browse({
        method: 'POST',
        url: '/api/session/password',
        payload: { current_password, new_password: 'seven otters in a canoe' },
      });
    for (let turn = 0; turn < MOST_TRIES.own; turn++) {
      expect((await change('wrong wrong')).statusCode).toBe(403);
    }
    expect((await change(PASSWORD)).statusCode).toBe(429);
  });
});

describe('a session', () => {
  const isAlive = async (browse: Awaited<ReturnType<typeof signIn>>['browse']) =>
    (await browse({ method: 'GET', url: '/api/session/sessions' })).statusCode === 200;

  test('ends when it is not used for two weeks', async () => {
    const { ana, time } = await openWithAna();
    time.nowMs += 14 * DAY_MS - 1000;
    expect(await isAlive(ana.browse)).toBe(true);
    time.nowMs += 14 * DAY_MS + 1000;
    expect(await isAlive(ana.browse)).toBe(false);
  });

  test('goes on while it is used, for ninety days', async () => {
    const { ana, time, database } = await openWithAna();
    for (let day = 10; day < 90; day += 10) {
      time.nowMs += 10 * DAY_MS;
      expect(await isAlive(ana.browse), `day ${day}`).toBe(true);
      await expect
        .poll(() => database.get('select last_seen_at from sessions'))
        .toEqual({ last_seen_at: wireTime(time.nowMs) });
    }
    time.nowMs += 10 * DAY_MS;
    expect(await isAlive(ana.browse)).toBe(false);
  });

  test('lasts as long as it is configured to', async () => {
    const { ana, time } = await openWithAna({ sessionDays: '2', sessionIdleDays: '1' });
    time.nowMs += DAY_MS - 1000;
    expect(await isAlive(ana.browse)).toBe(true);
    time.nowMs += DAY_MS + 1000;
    expect(await isAlive(ana.browse)).toBe(false);
  });

  test('ends by signing out, and its cookie is taken away', async () => {
    const { ana } = await openWithAna();
    const answer = await ana.browse({ method: 'DELETE', url: '/api/session' });
    expect(answer.json().session).toBeNull();
    expect(answer.headers['set-cookie']).toMatch(/^rollcall-session=; Path=\/; Max-Age=0;/);
    expect(await isAlive(ana.browse)).toBe(false);
  });

  test('ends with its member', async () => {
    const { ana, database, acme } = await openWithAna();
    await removeMember(database, acme.id, ana.member, { clock: Date.now });
    expect(await isAlive(ana.browse)).toBe(false);
    expect(await database.all('select * from sessions')).toEqual([]);
    expect(await database.all('select * from passwords')).toEqual([]);
  });

  test('is listed, and can be ended from another browser', async () => {
    const { ana, workplace } = await openWithAna();
    const other = await tryPassword(workplace, PASSWORD);
    const { sessions } = (
      await ana.browse({ method: 'GET', url: '/api/session/sessions' })
    ).json() as { sessions: { token: string; current: boolean; address: string }[] };
    expect(sessions).toHaveLength(2);
    const [here] = sessions.filter(({ current }) => current);
    const [there] = sessions.filter(({ current }) => !current);
    expect(here?.token).toBe(ana.state.session.token);
    expect(there).toMatchObject({ token: other.json().session.token, address: '192.0.2.1' });
    const url = `/api/session/sessions/${there?.token}`;
    const left = await ana.browse({ method: 'DELETE', url });
    expect(left.json().sessions).toHaveLength(1);
    expect((await ana.browse({ method: 'DELETE', url })).statusCode).toBe(404);
    const cookie = String(other.headers['set-cookie']).split(';')[0];
    const state = await workplace.send({ method: 'GET', url: '/api/session', headers: { cookie } });
    expect(state.json().session).toBeNull();
  });

  test('of another member is neither listed nor ended', async () => {
    const { ana, workplace, acme } = await openWithAna();
    const bo = await signIn(workplace, acme, { email: 'bo@acme.example' });
    const { sessions } = (await bo.browse({ url: '/api/session/sessions' })).json();
    expect(sessions).toHaveLength(1);
    const url = `/api/session/sessions/${ana.state.session.token}`;
    expect((await bo.browse({ method: 'DELETE', url })).statusCode).toBe(404);
    expect(await isAlive(ana.browse)).toBe(true);
  });

  test('ends everywhere at once', async () => {
    const { ana, workplace, database } = await openWithAna();
    await tryPassword(workplace, PASSWORD);
    const answer = await ana.browse({ method: 'DELETE', url: '/api/session/sessions' });
    expect(answer.json().session).toBeNull();
    expect(await database.all('select * from sessions')).toEqual([]);
  });

  test('never goes on under an id that was there before', async () => {
    const { ana, workplace } = await openWithAna();
    const planted = `rollcall-session=${'a'.repeat(64)}`;
    const answers = [];
    for (const cookie of [planted, ana.cookie]) {
      const answer = await workplace.send({
        method: 'POST',
        url: '/api/session',
        headers: { ...fromOwnPage, cookie },
        payload: { email: ANA, password: PASSWORD },
      });
      expect(String(answer.headers['set-cookie'])).not.toContain(cookie);
      answers.push(answer);
    }
    expect(await isAlive(ana.browse)).toBe(false);
    const stillPlanted = await workplace.send({
      url: '/api/session',
      headers: { cookie: planted },
    });
    expect(stillPlanted.json().session).toBeNull();
  });

  test('is kept as a hash only, and a password as argon2id of 19 MiB', async () => {
    const { ana, database } = await openWithAna();
    const [id = ''] = /[0-9a-f]{64}/.exec(ana.cookie) ?? [];
    for (const table of ['sessions', 'passwords', 'sign_in_links', 'audit_log']) {
      const rows = await database.all<Record<string, unknown>>(`select * from ${table}`);
      const text = rows
        .flatMap(Object.values)
        .map((value) => Buffer.from(String(value)).toString());
      expect(text.join()).not.toContain(id);
      expect(text.join()).not.toContain(PASSWORD);
    }
    const [{ hash = '' } = {}] = await database.all<{ hash: string }>('select hash from passwords');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

test('a password that was hashed with less is hashed anew when its member signs in', async () => {
  const { workplace, database } = await openWithAna();
  const weak = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1 });
  await database.run('update passwords set hash = ?', [weak]);
  expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
  const [{ hash: kept = '' } = {}] = await database.all<{ hash: string }>(
    'select hash from passwords',
  );
  expect(kept).toContain('$m=19456,t=2,p=1$');
  expect((await tryPassword(workplace, PASSWORD)).statusCode).toBe(200);
});
