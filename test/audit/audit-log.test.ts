import { expect, test } from 'vitest';
import { commandLine, recordAudit } from '../../src/audit/audit-log-store.ts';
import { wireTime } from '../../src/clock.ts';
import { fromOwnPage, PASSWORD, signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const url = '/api/acme/audit_log';

async function openWithAna() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const ana = await signIn(workplace, acme);
  const read = async (query = '') => (await ana.browse({ url: `${url}${query}` })).json();
  return { ...workplace, acme, ana, read };
}

type Entry = { action: string; subject: { name: string } | null; address: string | null };
const actionsOf = ({ entries }: { entries: Entry[] }) => entries.map(({ action }) => action);

test('who did what, with what, and from where', async () => {
  const { ana, read, time } = await openWithAna();
  time.nowMs += 1000;
  const payload = { invitation: { email: 'bo@example.com' } };
  await ana.browse({ method: 'POST', url: '/api/acme/invitations', payload });
  const { entries, next } = await read();
  expect(next).toBeNull();
  expect(actionsOf({ entries })).toEqual([
    'sign_in_link.made',
    'member.added',
    'password.changed',
    'session.began',
    'sign_in_link.made',
    'member.added',
  ]);
  expect(entries[1]).toEqual({
    at: wireTime(time.nowMs),
    action: 'member.added',
    member: 'ana@acme.example',
    credential: ana.state.session.token,
    address: '127.0.0.1',
    subject: { kind: 'member', token: null, name: 'bo@example.com' },
    detail: { role: 'member' },
  });
  expect(entries.at(-1)).toMatchObject({ member: null, credential: null, address: null });
});

test('what members and admins do about tokens, roles and sessions', async () => {
  const { ana, read } = await openWithAna();
  const api = '/api/acme';
  const { token } = (
    await ana.browse({ method: 'POST', url: `${api}/api_tokens`, payload: { name: 'mine' } })
  ).json();
  await ana.browse({ method: 'DELETE', url: `${api}/api_tokens/${token}` });
  const bo = (
    await ana.browse({
      method: 'POST',
      url: `${api}/invitations`,
      payload: { invitation: { email: 'bo@example.com' } },
    })
  ).json();
  const membership = `${api}/memberships/${bo.token}`;
  const payload = { membership: { role: 'admin' } };
  await ana.browse({ method: 'PATCH', url: membership, payload });
  await ana.browse({ method: 'DELETE', url: membership });
  expect(actionsOf(await read('?limit=6')).toReversed()).toEqual([
    'api_token.made',
    'api_token.revoked',
    'member.added',
    'sign_in_link.made',
    'member.role_changed',
    'member.removed',
  ]);
});

test('a sign-in that failed is there for a member, and nowhere for anybody else', async () => {
  const { send, read, database } = await openWithAna();
  const rival = await makeOrganization(database, 'rival');
  for (const email of ['ana@acme.example', 'nobody@acme.example']) {
    const payload = { email, password: `not ${PASSWORD}` };
    const headers = fromOwnPage;
    await send({
      method: 'POST',
      url: '/api/session',
      headers,
      payload,
      remoteAddress: '192.0.2.9',
    });
  }
  await expect
    .poll(async () => (await read('?action=session.refused')).entries)
    .toMatchObject([{ subject: { name: 'ana@acme.example' }, address: '192.0.2.9', member: null }]);
  const others = 'select * from audit_log where organization_id = ?';
  expect(await database.all(others, [rival.id])).toEqual([]);
});

test('pages follow on each other while others write', async () => {
  const { read, database, acme, time } = await openWithAna();
  const record = (name: string) =>
    database.transaction((store) =>
      recordAudit(store, acme.id, {
        at: wireTime(time.nowMs),
        actor: commandLine,
        action: 'thing.done',
        subject: { kind: 'thing', name },
      }),
    );
  for (let number = 1; number <= 25; number++) await record(`thing ${number}`);
  const names: string[] = [];
  let before = '';
  do {
    const { entries, next } = await read(`?action=thing.done&limit=7${before}`);
    names.push(...entries.map(({ subject }: Entry) => subject?.name));
    before = next && `&before=${next}`;
    await record('later');
  } while (before);
  expect(names).toEqual(Array.from({ length: 25 }, (_, index) => `thing ${25 - index}`));
});

test('entries that are written at once get numbers of their own', async () => {
  const { database, acme, time, read } = await openWithAna();
  const at = wireTime(time.nowMs);
  const entry = { at, actor: commandLine, action: 'thing.done' } as const;
  const writers = Array.from({ length: 20 }, () =>
    database.transaction((store) => recordAudit(store, acme.id, entry)),
  );
  await Promise.all(writers);
  expect((await read('?action=thing.done')).entries).toHaveLength(20);
});

test('entries are found by action, member, subject and time', async () => {
  const { ana, read, time } = await openWithAna();
  time.nowMs += 60_000;
  const made = await ana.browse({
    method: 'POST',
    url: '/api/acme/api_tokens',
    payload: { name: 'mine' },
  });
  const { token } = made.json();
  const since = wireTime(time.nowMs);
  for (const query of [
    '?action=api_token.made',
    `?subject_token=${token}`,
    `?since=${since}`,
    `?member=ANA@acme.example&since=${since}&action=api_token.made`,
  ]) {
    expect(actionsOf(await read(query)), query).toEqual(['api_token.made']);
  }
  expect((await read(`?until=${since}`)).entries).not.toContainEqual(
    expect.objectContaining({ action: 'api_token.made' }),
  );
  expect((await read('?member=bo@acme.example')).entries).toEqual([]);
});

test.each([
  'limit=0',
  'limit=201',
  'before=x',
  'before=-1',
  'since=yesterday',
  'until=2026-13-01',
  'action=a&action=b',
  'member=%00',
])('%s is refused', async (query) => {
  const { ana } = await openWithAna();
  expect((await ana.browse({ url: `${url}?${query}` })).statusCode).toBe(400);
});
